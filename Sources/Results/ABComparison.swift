/// Two commands, or two builds of one laboratory, that were measured in turns: what `perflab ab`
/// found.
public struct ABComparison: Equatable, Sendable, Codable {
  /// Raised when a field changes its meaning or goes.
  public static let currentSchema = 1

  /// Of the file that it was read from, or the current one.
  public var schema: Int
  /// What the sides are.
  public var kind: Kind
  /// How and when; the flags are those of the second build, or of perflab for commands.
  public var run: Run
  /// Where.
  public var machine: Machine
  /// What made the measurement better or worse.
  public var conditions: [Condition]
  /// Two: the first is the baseline.
  public var sides: [Side]
  /// In the order of the catalog; one for commands.
  public var rows: [ABRow]
  /// What calls were counted to ask for, where the sides differ.
  public var counts: [ABCountChange]
  /// What only one side has, or what could not be measured.
  public var missing: [Missing]
  /// What a reader should know beside the rows.
  public var notes: [String]
  /// Whether it came to its end; else it was interrupted, and a gate has no decision.
  public var isComplete: Bool

  /// What is compared.
  public enum Kind: String, Sendable, Codable {
    /// Two commands, whole processes.
    case commands
    /// The variants of experiments, from two builds.
    case builds

    /// With how many measurements of the first side a process compares the second.
    var baselines: Int {
      switch self {
      case .commands: 1
      case .builds: 2
      }
    }
  }

  /// One of the two.
  public struct Side: Equatable, Sendable, Codable {
    /// The command, or the revision as it was typed.
    public var name: String
    /// A commit's hash and subject; empty where there is nothing more to say.
    public var detail: String

    /// A side with its name.
    public init(name: String, detail: String = "") {
      self.name = name
      self.detail = detail
    }
  }

  /// Something that has no row.
  public struct Missing: Equatable, Sendable, Codable {
    /// Index of the side without it; nil where neither side was measured.
    public var side: Int?
    /// `memory/arena`, `memory/arena, malloc, 4 KiB`.
    public var place: String
    /// Why, in a few words.
    public var reason: String

    /// A place without a row.
    public init(side: Int?, place: String, reason: String) {
      self.side = side
      self.place = place
      self.reason = reason
    }
  }

  /// Nothing measured yet.
  public init(
    kind: Kind, run: Run, machine: Machine, conditions: [Condition], sides: [Side]
  ) {
    schema = Self.currentSchema
    self.kind = kind
    self.run = run
    self.machine = machine
    self.conditions = conditions
    self.sides = sides
    rows = []
    counts = []
    missing = []
    notes = []
    isComplete = true
  }

  /// The smallest share that a gate may be set to: smaller differences are never judged.
  public static var smallestShare: Double { Gate.smallestShare }

  /// Rows that became slower by more than a share: the whole interval lies beyond it.
  public func slower(by share: Double) -> [ABRow] { rows.filter { $0.isSlower(by: share) } }

  /// How many rows have a verdict.
  public func count(_ verdict: Verdict) -> Int { rows.count { $0.verdict == verdict } }
}

/// One variant at one point, or one pair of commands, measured on both sides.
public struct ABRow: Equatable, Sendable, Codable {
  /// `area/name`; empty for commands.
  public var experiment: String
  /// As the experiment declares it; empty for commands.
  public var variant: String
  /// Where on the axis; nil for commands.
  public var parameter: Parameter?
  /// Name of the sweep's axis; empty for commands.
  public var axis: String
  /// What is compared.
  public var metric: MetricRecord
  /// The metric on the first side.
  public var before: Interval
  /// The metric on the second side.
  public var after: Interval
  /// First ÷ second where less is better, else second ÷ first: above 1 the second side is better.
  /// 95% of such intervals contain the true ratio.
  public var ratio: Interval
  /// The same, so wide that with 95% confidence the intervals of all rows contain their true ratios.
  /// Nil where there are too few processes.
  public var simultaneous: Interval?
  /// The first side compared with itself.
  public var null: Interval
  /// Rounds of fresh processes.
  public var processes: Int
  /// Blocks that count.
  public var blocks: Int
  /// Blocks dropped, by rule.
  public var discarded: [String: Int]
  /// Why it ended.
  public var stop: StopReason
  /// Whether the figures include disturbed blocks.
  public var isDisturbed: Bool
  /// What the first measurement says. `verdict` is what counts.
  public var first: Verdict
  /// A second measurement of what the first one found; nil where none was made.
  public var second: Second?
  /// What was counted beside the metric, per call or per run, on both sides.
  public var counts: [Count]

  /// A second measurement, by itself.
  public struct Second: Equatable, Sendable, Codable {
    /// The ratio; its interval is corrected for the number of rows that were measured again.
    public var ratio: Interval
    /// The first side compared with itself.
    public var null: Interval
    /// What it says.
    public var verdict: Verdict

    /// A second measurement with its verdict.
    public init(ratio: Interval, null: Interval, verdict: Verdict) {
      self.ratio = ratio
      self.null = null
      self.verdict = verdict
    }
  }

  /// A quantity on both sides.
  public struct Count: Equatable, Sendable, Codable {
    /// `user time`, `peak memory`.
    public var name: String
    /// On the first side.
    public var before: Counter
    /// On the second side.
    public var after: Counter
    /// First ÷ second, as that of the metric; nil where a run has none of it.
    public var ratio: Interval?

    /// A quantity that both sides have.
    public init(name: String, before: Counter, after: Counter, ratio: Interval? = nil) {
      self.name = name
      self.before = before
      self.after = after
      self.ratio = ratio
    }
  }

  /// A row of one measurement.
  public init(
    experiment: String, variant: String, parameter: Parameter?, axis: String,
    metric: MetricRecord, before: Interval, after: Interval, ratio: Interval, null: Interval,
    processes: Int, blocks: Int, discarded: [String: Int], stop: StopReason, isDisturbed: Bool,
    first: Verdict, counts: [Count]
  ) {
    self.experiment = experiment
    self.variant = variant
    self.parameter = parameter
    self.axis = axis
    self.metric = metric
    self.before = before
    self.after = after
    self.ratio = ratio
    self.null = null
    self.processes = processes
    self.blocks = blocks
    self.discarded = discarded
    self.stop = stop
    self.isDisturbed = isDisturbed
    self.first = first
    self.counts = counts
  }

  /// What counts: a difference that a second measurement does not find again is none.
  public var verdict: Verdict {
    guard let second, first == .faster || first == .slower else { return first }
    return second.verdict == first ? first : .unresolved
  }

  /// Whether it became slower by more than a share: the whole interval of each measurement lies
  /// beyond it.
  public func isSlower(by share: Double) -> Bool {
    verdict == .slower && ratio.high < 1 - share && second?.ratio.high ?? 0 < 1 - share
  }
}
