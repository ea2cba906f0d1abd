import Results

/// A function of the baseline that the candidate replaces, for a prediction by Amdahl's law: its
/// share of the baseline's time is read off a profile, and its gain is measured by itself, both
/// before the experiment is measured.
public struct Part: Sendable {
  /// As a sentence has it: `parsing`.
  public let name: String
  /// The function's name in the baseline, which must not be inlined.
  public let function: String
  let before: Variant
  let after: Variant

  /// - Parameters:
  ///   - prepare: makes the inputs that the baseline gives the function, as in a variant.
  ///   - before: the function alone, on all inputs.
  ///   - after: the candidate's code instead, with the same result.
  public init<Input, Answer: ChecksumConvertible>(
    _ name: String, function: String,
    prepare: @escaping @Sendable (Point) throws -> Input,
    before: @escaping @Sendable (Input) -> Answer, after: @escaping @Sendable (Input) -> Answer
  ) {
    self.name = name
    self.function = function
    self.before = Variant("\(name) before", shows: [], prepare: prepare, run: before)
    self.after = Variant("\(name) after", shows: [], prepare: prepare, run: after)
  }
}

/// What is known of an experiment's parts at a point before it is measured.
public struct PartShares: Equatable, Sendable {
  /// One of the parts.
  public struct Share: Equatable, Sendable {
    /// As a sentence has it.
    public var name: String
    /// Of the baseline's time, from 0 to 1.
    public var share: Double
    /// How many times faster it is by itself.
    public var gain: Double

    /// A part's share and its gain.
    public init(name: String, share: Double, gain: Double) {
      self.name = name
      self.share = share
      self.gain = gain
    }
  }

  /// Stacks behind the shares.
  public var samples: Int
  /// In the order of their declaration; they do not overlap.
  public var parts: [Share]
  /// Nanoseconds of each step that was measured by itself.
  public var demands: [String: Double]

  /// Shares that rest on this many stacks.
  public init(samples: Int, parts: [Share], demands: [String: Double] = [:]) {
    self.samples = samples
    self.parts = parts
    self.demands = demands
  }

  /// The speedup of the whole. Source: Amdahl, *Validity of the single processor approach to
  /// achieving large scale computing capabilities*, AFIPS 1967, for several parts.
  public var amdahl: Double {
    let rest = 1 - parts.reduce(0) { $0 + $1.share }
    return 1 / (rest + parts.reduce(0) { $0 + $1.share / $1.gain })
  }
}

extension Question {
  /// Amdahl's law as a model: the baseline's time as shares of itself, and what each part's share
  /// becomes. Nil where no profile was taken.
  public func amdahl() -> Model? {
    guard let parts, !parts.parts.isEmpty else { return nil }
    let rest = 1 - parts.parts.reduce(0) { $0 + $1.share }
    var whole = Ratio.exactly(rest).named(
      "unchanged code", because: "It is the same in both variants.")
    for part in parts.parts {
      let share = Ratio.input(
        "share of \(part.name)", part.share,
        source: "\(TermSource.profile) of \(parts.samples) stacks")
      let gain = Ratio.input("speedup of \(part.name)", part.gain, source: "timed by itself")
      whole += (isBaseline ? share : share / gain).named(part.name)
    }
    return Model(whole, per: .relative)
  }
}
