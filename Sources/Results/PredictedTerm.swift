/// What a model expects of a variant at a point, stored before the measurement was taken.
public struct PredictedVariant: Equatable, Sendable, Codable {
  /// The variant's name.
  public var name: String
  /// Of the total and the terms.
  public var unit: Unit
  /// Sum of the terms that are not hidden.
  public var total: Double
  /// What the total is multiplied by to be compared with the variant's measured value; nil where
  /// only the ratio of two variants means something.
  public var perMetric: Double?
  /// In the order of the model.
  public var terms: [PredictedTerm]

  /// A variant with its terms.
  public init(
    name: String, unit: Unit, total: Double, perMetric: Double?, terms: [PredictedTerm]
  ) {
    self.name = name
    self.unit = unit
    self.total = total
    self.perMetric = perMetric
    self.terms = terms
  }
}

/// A named part of what a model expects.
public struct PredictedTerm: Equatable, Sendable, Codable {
  /// `mispredictions`
  public var name: String
  /// What it adds to the total.
  public var value: Double
  /// Of the value.
  public var unit: Unit
  /// How it is computed, from the names of its numbers.
  public var formula: String
  /// A reason that the formula does not show.
  public var because: String?
  /// Whether it is overlapped by a longer one, so that it adds nothing.
  public var isHidden: Bool
  /// The numbers in it.
  public var sources: [Source]

  /// One of the numbers that a term is made of.
  public struct Source: Equatable, Sendable, Codable {
    /// As the formula has it: `branch.miss`.
    public var name: String
    /// The estimate.
    public var value: Double
    /// Of the value.
    public var unit: Unit
    /// `this machine`, a citation, a file.
    public var source: String

    /// A number with its source.
    public init(name: String, value: Double, unit: Unit, source: String) {
      self.name = name
      self.value = value
      self.unit = unit
      self.source = source
    }
  }

  /// A part with its formula.
  public init(
    name: String, value: Double, unit: Unit, formula: String, because: String? = nil,
    isHidden: Bool = false, sources: [Source] = []
  ) {
    self.name = name
    self.value = value
    self.unit = unit
    self.formula = formula
    self.because = because
    self.isHidden = isHidden
    self.sources = sources
  }
}

/// The speedup that a model expects, stored before the measurement was taken.
public struct PredictedSpeedup: Equatable, Sendable, Codable {
  /// Above 1 is better.
  public var speedup: Double
  /// The lower end of 90%, from the intervals of the numbers in it and what models leave out; nil in
  /// results of schema 1.
  public var low: Double?
  /// The upper end.
  public var high: Double?
  /// The model in a sentence: the terms of both variants with their values.
  public var because: String

  /// A prediction with its interval.
  public init(speedup: Double, low: Double? = nil, high: Double? = nil, because: String) {
    self.speedup = speedup
    self.low = low
    self.high = high
    self.because = because
  }

  /// The speedup between its ends, or alone where it has none.
  public var interval: Interval {
    Interval(estimate: speedup, low: low ?? speedup, high: high ?? speedup)
  }
}
