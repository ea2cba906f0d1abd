/// One value of the sweep, measured.
public struct PointResult: Equatable, Sendable, Codable {
  /// Where on the axis it lies.
  public var parameter: Parameter
  /// Whether it was measured.
  public var status: Status
  /// Why it was not; nil when measured.
  public var reason: String?
  /// The baseline first. Skipped variants are missing here and present in `candidates`.
  public var variants: [VariantResult]
  /// In the order of their declaration.
  public var candidates: [CandidateResult]
  /// What the model expects of each variant, the baseline first; nil where there is no model, and in
  /// results of schema 1.
  public var predictions: [PredictedVariant]?
  /// Baseline against baseline, as a ratio: the point's own proof. Nil when nothing was measured.
  public var null: Interval?
  /// What one kernel call does.
  public var work: Work
  /// Rounds of fresh worker processes.
  public var processes: Int
  /// Blocks kept.
  public var blocks: Int
  /// Blocks dropped, by rule: `migrated`, `preempted`, `stolen`, `shared`.
  public var discarded: [String: Int]
  /// Nil unless measured.
  public var stop: StopReason?
  /// Kernel calls in one sample.
  public var iterations: Int
  /// Seconds of wall time, and of these the seconds inside timed samples.
  public var wallSeconds: Double
  /// Of these, the seconds inside timed samples.
  public var timedSeconds: Double
  /// Doubts that a reader should share.
  public var warnings: [String]
  /// Whether the figures include disturbed blocks, since too few others were left; nil otherwise.
  public var isDisturbed: Bool?
  /// What a computed point was computed from; nil for the others.
  public var inputs: [ComputedInput]?

  /// A point that is not measured needs no more than its parameter and status.
  public init(
    parameter: Parameter, status: Status, reason: String? = nil, variants: [VariantResult] = [],
    candidates: [CandidateResult] = [], predictions: [PredictedVariant]? = nil,
    null: Interval? = nil, work: Work = Work(),
    processes: Int = 0, blocks: Int = 0, discarded: [String: Int] = [:], stop: StopReason? = nil,
    iterations: Int = 0, wallSeconds: Double = 0, timedSeconds: Double = 0, warnings: [String] = []
  ) {
    self.parameter = parameter
    self.status = status
    self.reason = reason
    self.variants = variants
    self.candidates = candidates
    self.predictions = predictions
    self.null = null
    self.work = work
    self.processes = processes
    self.blocks = blocks
    self.discarded = discarded
    self.stop = stop
    self.iterations = iterations
    self.wallSeconds = wallSeconds
    self.timedSeconds = timedSeconds
    self.warnings = warnings
  }
}

/// A value on the sweep's axis.
public struct Parameter: Hashable, Sendable, Codable {
  /// In the axis's own unit: bytes, a count, or an index.
  public var value: Int
  /// As people read it: `32 KiB`, `2 threads`, `64-byte churn`.
  public var label: String

  /// A value with what people read.
  public init(value: Int, label: String) {
    self.value = value
    self.label = label
  }
}

/// What one kernel call does. Zero means not applicable.
public struct Work: Equatable, Sendable, Codable {
  /// Elements handled; time per operation is shown per element where this is not zero.
  public var elements: Double
  /// What one of them is called where that is not `element`: `call`, `record`.
  public var each: String?
  /// Bytes that the algorithm needs from memory (for GB/s).
  public var bytes: Double
  /// Floating-point operations (for GFLOP/s).
  public var floatOperations: Double

  /// What does not apply is left at zero.
  public init(
    elements: Double = 0, each: String? = nil, bytes: Double = 0, floatOperations: Double = 0
  ) {
    self.elements = elements
    self.each = each
    self.bytes = bytes
    self.floatOperations = floatOperations
  }
}

/// One variant at one point.
public struct VariantResult: Equatable, Sendable, Codable {
  /// As the experiment declares it.
  public var name: String
  /// The metric: for time, nanoseconds of one kernel call.
  public var estimate: Double
  /// The lower end.
  public var low: Double
  /// The upper end.
  public var high: Double
  /// Of the metric.
  public var unit: Unit
  /// Per kernel call unless the unit says otherwise, by name.
  public var counters: [String: Counter]
  /// All that was observed, over all processes, where the metric is a percentile; else nil.
  public var distribution: Distribution?

  /// The metric's value with its interval.
  public init(name: String, value: Interval, unit: Unit, counters: [String: Counter] = [:]) {
    self.name = name
    estimate = value.estimate
    low = value.low
    high = value.high
    self.unit = unit
    self.counters = counters
  }

  /// Of the metric, in `unit`.
  public var interval: Interval { Interval(estimate: estimate, low: low, high: high) }
}

/// A counted or reported quantity, or the reason why there is none: never a silent zero.
public struct Counter: Equatable, Sendable, Codable {
  /// Nil when unavailable.
  public var value: Double?
  /// Of the value.
  public var unit: Unit
  /// Why there is no value; nil when there is one.
  public var unavailable: String?

  /// A counted or reported value.
  public init(_ value: Double, unit: Unit) {
    self.value = value
    self.unit = unit
    unavailable = nil
  }

  /// No value, and why.
  public init(unavailable reason: String, unit: Unit = .count) {
    value = nil
    self.unit = unit
    unavailable = reason
  }
}

/// A candidate against the baseline at one point.
public struct CandidateResult: Equatable, Sendable, Codable {
  /// As the experiment declares it.
  public var name: String
  /// Better is above 1: before ÷ after where less is better, after ÷ before where more is.
  public var speedup: Interval?
  /// Nil where there is no model, or a number that it needs is not known.
  public var predicted: PredictedSpeedup?
  /// What the interval says.
  public var verdict: Verdict
  /// Why it was skipped; nil otherwise.
  public var reason: String?
  /// Against each yardstick that was measured at the point; nil where there is none, for a
  /// yardstick itself, and in older results.
  public var yardsticks: [YardstickRatio]?

  /// A candidate as it stands before or after measuring.
  public init(
    name: String, speedup: Interval?, predicted: PredictedSpeedup? = nil, verdict: Verdict,
    reason: String? = nil
  ) {
    self.name = name
    self.speedup = speedup
    self.predicted = predicted
    self.verdict = verdict
    self.reason = reason
  }
}
