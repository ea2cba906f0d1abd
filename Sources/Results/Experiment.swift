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
public struct ExperimentResult: Equatable, Sendable, Codable {
  /// `area/name`.
  public var id: String
  /// The page's heading.
  public var title: String
  /// How its results are known; nil in results of schema 1, whose experiments were all measured.
  public var evidence: Evidence?
  /// Measured when any point is.
  public var status: Status
  /// Why it was skipped or failed; nil when measured.
  public var reason: String?
  /// The run that measured it, which may be an earlier one than the file's; nil while it is pending.
  public var run: Run?
  /// Its words, drawing and code.
  public var account: Account
  /// In the order of the sweep.
  public var points: [PointResult]
  /// Where a computed experiment's answer turns, and what decides it; what decides a simulated one
  /// that has uncertain inputs. Nil for the others.
  public var decision: Decision?

  /// An experiment as far as it has come.
  public init(
    id: String, title: String, evidence: Evidence? = nil, status: Status, reason: String?,
    account: Account, points: [PointResult]
  ) {
    self.id = id
    self.title = title
    self.evidence = evidence
    self.status = status
    self.reason = reason
    self.account = account
    self.points = points
  }

  /// Whether points of it were predicted and not measured, or not to the end, as after an
  /// interrupt.
  public var isUnfinished: Bool {
    status == .pending
      || points.contains { $0.status == .pending || $0.stop == .interrupted }
  }

  /// Whether anything was measured: not where it was skipped, or failed.
  public var hasMeasuredPoint: Bool { points.contains { $0.status == .measured } }

  /// Whether something was measured, and each measured point has the processes without which no
  /// interval is evidence, though perhaps not all that were to come.
  public var hasEvidence: Bool {
    hasMeasuredPoint && points.allSatisfy { $0.status != .pending }
      && points.filter { $0.status == .measured }.allSatisfy { point in
        point.stop != .interrupted || point.processes >= 6
      }
  }
}

/// The words, the drawing and the code of an experiment.
public struct Account: Equatable, Sendable, Codable {
  /// The group of the curriculum.
  public var slot: String
  /// One sentence with its condition.
  public var claim: String
  /// Why it works.
  public var mechanism: String
  /// When it does not help.
  public var limits: String
  /// Mermaid; `{variant name}` stands for that variant's measured value at the headline point,
  /// `{speedup}` for the headline's speedup, `{point}` for the headline point's label.
  public var diagram: String
  /// Name of the sweep's axis: `working set`.
  public var axis: String
  /// Whether the axis carries numbers (drawn on a log scale) or names.
  public var numericAxis: Bool
  /// What is compared.
  public var metric: MetricRecord
  /// Names of the counters that show the problem, before and after.
  public var signals: [String]
  /// What stands for the experiment where there is room for one number; nil for the default, and in
  /// results of schema 1.
  public var headline: DeclaredHeadline?
  /// Variants that the candidates are compared with and that no headline may show: peers, limits,
  /// the serial version of a parallel one. Nil in results of schema 1.
  public var references: [String]?
  /// Whether the axis counts threads that share the work, so that a speedup over one of them and an
  /// efficiency can be told; nil otherwise.
  public var sweepsThreads: Bool?
  /// Those of the references that are a peer or a limit; nil where there is none, and in older
  /// results.
  public var yardsticks: [Yardstick]?
  /// Why there is none, in a sentence; nil where there is one, where the subject asks for none, and
  /// in older results.
  public var noYardstick: String?
  /// Why no input of a simulation is uncertain, in a sentence; nil where some are, and in older
  /// results.
  public var noUncertainty: String?
  /// What the trade says in place of a computation; nil where it says nothing, and in older results.
  public var rule: RuleOfThumb?
  /// Empty where the source was not found.
  public var sources: [SourceExcerpt]

  /// All that a page says beside the numbers.
  public init(
    slot: String, claim: String, mechanism: String, limits: String, diagram: String, axis: String,
    numericAxis: Bool, metric: MetricRecord, signals: [String], headline: DeclaredHeadline? = nil,
    references: [String]? = nil, sweepsThreads: Bool? = nil, yardsticks: [Yardstick]? = nil,
    noYardstick: String? = nil, noUncertainty: String? = nil, rule: RuleOfThumb? = nil,
    sources: [SourceExcerpt]
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
    self.headline = headline
    self.references = references
    self.sweepsThreads = sweepsThreads
    self.yardsticks = yardsticks
    self.noYardstick = noYardstick
    self.noUncertainty = noUncertainty
    self.rule = rule
    self.sources = sources
  }
}

/// The point and the variant that stand for an experiment, chosen when it was written.
public struct DeclaredHeadline: Equatable, Sendable, Codable {
  /// On the axis.
  public var value: Int
  /// The candidate's name.
  public var variant: String

  /// A value of the sweep and a candidate.
  public init(value: Int, variant: String) {
    self.value = value
    self.variant = variant
  }
}

/// What is compared, in which unit, and which direction is better.
public struct MetricRecord: Equatable, Sendable, Codable {
  /// `time`, or what the kernel reports.
  public var name: String
  /// Of the variants' values.
  public var unit: Unit
  /// Which direction is better.
  public var lowerIsBetter: Bool
  /// From 0 to 100, where the metric is a percentile of many observations; else nil.
  public var percentile: Double?

  /// A metric with its direction.
  public init(name: String, unit: Unit, lowerIsBetter: Bool, percentile: Double? = nil) {
    self.percentile = percentile
    self.name = name
    self.unit = unit
    self.lowerIsBetter = lowerIsBetter
  }
}

/// A piece of source as it stood when the experiment was run.
public struct SourceExcerpt: Equatable, Sendable, Codable {
  /// The variant that it belongs to.
  public var variant: String
  /// Path inside the package.
  public var file: String
  /// Of the first line in the file, counted from 1.
  public var line: Int
  /// As it stands in the file.
  public var code: String

  /// Where the code was cut, and the code.
  public init(variant: String, file: String, line: Int, code: String) {
    self.variant = variant
    self.file = file
    self.line = line
    self.code = code
  }
}
