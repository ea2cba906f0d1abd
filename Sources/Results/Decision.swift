/// Where on its axis a computed experiment's answer turns, and what decides it; of a simulated
/// experiment with uncertain inputs, what decides it.
public struct Decision: Equatable, Sendable, Codable {
  /// Of whom the baseline is compared with.
  public var candidate: String
  /// Nil on an axis of names, which has nothing between its values, and of what is simulated.
  public var breakEven: BreakEven?
  /// At which point of the sweep the inputs were moved.
  public var parameter: Parameter
  /// The inputs, those that move the result most first. Inputs without an interval move nothing, and
  /// are missing.
  public var deciders: [Decider]

  /// All parts.
  public init(
    candidate: String, breakEven: BreakEven?, parameter: Parameter, deciders: [Decider]
  ) {
    self.candidate = candidate
    self.breakEven = breakEven
    self.parameter = parameter
    self.deciders = deciders
  }
}

/// The value on the axis at which baseline and candidate are even, within the sweep.
public struct BreakEven: Equatable, Sendable, Codable {
  /// With every input at its estimate; nil where one of the two is better over the whole sweep.
  public var value: Place?
  /// Where the answer turns again, with every input at its estimate; nil where it does not.
  public var until: Place?
  /// How often the answer turns, with every input at its estimate; nil in results of older versions.
  public var turns: Int?
  /// The ends of the interval that 95% of the draws lie in; nil beyond the sweep.
  public var low, high: Place?
  /// Whether the candidate is better above the break-even, and not below it.
  public var isBetterAbove: Bool
  /// Shares of the draws in which the candidate is better over the whole sweep, and nowhere in it.
  public var always, never: Double

  /// A place on the axis.
  public struct Place: Equatable, Sendable, Codable {
    /// In the axis's own unit.
    public var value: Double
    /// As people read it.
    public var label: String

    /// A value with what people read.
    public init(value: Double, label: String) {
      self.value = value
      self.label = label
    }
  }

  /// All parts.
  public init(
    value: Place?, until: Place? = nil, turns: Int? = nil, low: Place?, high: Place?,
    isBetterAbove: Bool, always: Double, never: Double
  ) {
    self.value = value
    self.until = until
    self.turns = turns
    self.low = low
    self.high = high
    self.isBetterAbove = isBetterAbove
    self.always = always
    self.never = never
  }
}

/// What an input does when it alone is moved over its interval.
public struct Decider: Equatable, Sendable, Codable {
  /// With its interval and source.
  public var input: ComputedInput
  /// The candidate's ratio to the baseline with the input at its lower and at its upper end; above 1
  /// the candidate is better.
  public var ratioAtLow, ratioAtHigh: Double
  /// The break-even likewise; nil where the answer does not turn within the sweep.
  public var breakEvenAtLow, breakEvenAtHigh: BreakEven.Place?
  /// The input's value at which the two are even, the others staying at theirs; nil where the answer
  /// is the same over its interval, and in older results.
  public var turn: Double?

  /// All parts.
  public init(
    input: ComputedInput, ratioAtLow: Double, ratioAtHigh: Double,
    breakEvenAtLow: BreakEven.Place? = nil, breakEvenAtHigh: BreakEven.Place? = nil,
    turn: Double? = nil
  ) {
    self.input = input
    self.ratioAtLow = ratioAtLow
    self.ratioAtHigh = ratioAtHigh
    self.breakEvenAtLow = breakEvenAtLow
    self.breakEvenAtHigh = breakEvenAtHigh
    self.turn = turn
  }
}

/// What the trade says in place of a computation.
public struct RuleOfThumb: Equatable, Sendable, Codable {
  /// In a few words: `commit above 60% utilisation`.
  public var text: String
  /// Where it puts the break-even, in the axis's unit; nil where it names none.
  public var breakEven: Double?
  /// Who says so.
  public var source: String

  /// A rule with its source.
  public init(_ text: String, breakEven: Double? = nil, source: String) {
    self.text = text
    self.breakEven = breakEven
    self.source = source
  }
}
