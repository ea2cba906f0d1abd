/// Whether something was measured, and if not, why not.
public enum Status: String, Sendable, Codable {
  case measured, skipped, failed
  /// Predicted and stored, its measurement still to come.
  case pending
}

/// What a candidate turned out to be against the baseline.
public enum Verdict: String, Sendable, Codable, CaseIterable {
  /// The interval lies beyond the noise floor and beyond the smallest effect of interest.
  case faster, slower
  /// The interval lies within the smallest effect of interest around 1.
  case same
  /// Neither can be said.
  case unresolved
  /// Not measured; the candidate's `reason` says why.
  case skipped
}

/// Why measuring of a point ended.
public enum StopReason: String, Sendable, Codable { case precise, budget, interrupted }

/// What one experiment gave. All that a page shows is in here.
public struct ExperimentResult: Hashable, Sendable, Codable {
  public var id: String
  public var title: String
  public var status: Status
  /// Why it was skipped or failed; nil when measured.
  public var reason: String?
  public var account: Account
  public var points: [PointResult]

  public init(
    id: String, title: String, status: Status, reason: String?, account: Account,
    points: [PointResult]
  ) {
    self.id = id
    self.title = title
    self.status = status
    self.reason = reason
    self.account = account
    self.points = points
  }
}

/// The words, the drawing and the code of an experiment.
public struct Account: Hashable, Sendable, Codable {
  public var slot: String
  public var claim: String
  public var mechanism: String
  public var limits: String
  /// Mermaid; `{variant name}` stands for that variant's measured value at the headline point,
  /// `{speedup}` for the last candidate's speedup, `{point}` for the headline point's label.
  public var diagram: String
  /// Name of the sweep's axis: `working set`.
  public var axis: String
  /// Whether the axis carries numbers (drawn on a log scale) or names.
  public var numericAxis: Bool
  public var metric: MetricRecord
  /// Names of the counters that give the problem away, shown before and after.
  public var signals: [String]
  public var sources: [SourceExcerpt]

  public init(
    slot: String, claim: String, mechanism: String, limits: String, diagram: String, axis: String,
    numericAxis: Bool, metric: MetricRecord, signals: [String], sources: [SourceExcerpt]
  ) {
    self.slot = slot
    self.claim = claim
    self.mechanism = mechanism
    self.limits = limits
    self.diagram = diagram
    self.axis = axis
    self.numericAxis = numericAxis
    self.metric = metric
    self.signals = signals
    self.sources = sources
  }
}

/// What is compared, in which unit, and which direction is better.
public struct MetricRecord: Hashable, Sendable, Codable {
  public var name: String
  public var unit: Unit
  public var lowerIsBetter: Bool

  public init(name: String, unit: Unit, lowerIsBetter: Bool) {
    self.name = name
    self.unit = unit
    self.lowerIsBetter = lowerIsBetter
  }
}

/// A piece of source as it stood when the experiment was run.
public struct SourceExcerpt: Hashable, Sendable, Codable {
  /// The variant that it belongs to.
  public var variant: String
  /// Path inside the package.
  public var file: String
  public var line: Int
  public var code: String

  public init(variant: String, file: String, line: Int, code: String) {
    self.variant = variant
    self.file = file
    self.line = line
    self.code = code
  }
}
