// How results lie in a machine's folder: a file for the run and one for each experiment, so that
// storing one result costs the same whatever else is stored. Documentation/results.md describes it.

/// The latest run without its experiments: the root of `run.json`.
public struct RunRecord: Equatable, Sendable, Codable {
  /// That of all results.
  public static var currentSchema: Int { Results.currentSchema }

  /// Of the file that it was read from, or the current one.
  public var schema: Int
  /// How and when the latest numbers were taken.
  public var run: Run
  /// Where, with the machine's numbers that the run predicted from.
  public var machine: Machine
  /// What made them better or worse.
  public var conditions: [Condition]

  /// All of the results but the experiments.
  public init(_ results: Results) {
    schema = Self.currentSchema
    run = results.run
    machine = results.machine
    conditions = results.conditions
  }
}

/// One experiment's latest result: the root of `results/<area>/<name>.json`.
public struct StoredExperiment: Equatable, Sendable, Codable {
  /// That of all results.
  public static var currentSchema: Int { Results.currentSchema }

  /// Of the file that it was read from, or the current one.
  public var schema: Int
  /// Stands on the file's first line, to be read without the rest.
  public var outcome: Outcome
  /// Where it was measured, its numbers left out: the run's file has the latest, and what was
  /// predicted from them says so itself.
  public var machine: Machine
  /// With the run that measured it.
  public var experiment: ExperimentResult

  /// A result with the machine that it was measured on.
  public init(_ experiment: ExperimentResult, on machine: Machine) {
    schema = Self.currentSchema
    outcome = Outcome(experiment)
    self.machine = machine
    self.machine.numbers = [:]
    self.experiment = experiment
  }
}

/// What came of an experiment in so few values that hundreds are read at once. Made from the result
/// whenever it is stored.
public struct Outcome: Equatable, Sendable, Codable {
  /// `area/name`.
  public var id: String
  /// Whether it was measured.
  public var status: Status
  /// Why it was skipped or failed; nil when measured.
  public var reason: String?
  /// How it is known; nil in results of schema 1, which are all measured.
  public var evidence: Evidence?
  /// Name of the sweep's axis.
  public var axis: String
  /// Whether the axis carries numbers or names.
  public var numericAxis: Bool
  /// How many values of the sweep there are.
  public var points: Int
  /// The candidate of the headline; like those below nil where no candidate has a result.
  public var candidate: String?
  /// The label of the headline's point.
  public var point: String?
  /// The headline's.
  public var speedup: Interval?
  /// The headline's.
  public var verdict: Verdict?
  /// The speedup that the model expected of the headline; nil where there is no model, and in older
  /// results.
  public var predicted: Double?
  /// Whether the measurement refuted it; nil where there is nothing to refute, and in older results.
  public var isRefuted: Bool?
  /// The least speedup of the headline's candidate over the sweep; nil of a single point.
  public var least: Double?
  /// The largest.
  public var most: Double?
  /// The headline's candidate against the fastest peer; nil where none was measured.
  public var peer: YardstickRatio?
  /// The same against the limit.
  public var limit: YardstickRatio?

  /// In short what a page's headline says.
  public init(_ experiment: ExperimentResult) {
    id = experiment.id
    status = experiment.status
    reason = experiment.reason
    evidence = experiment.evidence
    axis = experiment.account.axis
    numericAxis = experiment.account.numericAxis
    points = experiment.points.count
    guard let headline = experiment.headline else { return }
    candidate = headline.candidate.name
    point = headline.point.parameter.label
    speedup = headline.candidate.speedup
    verdict = headline.candidate.verdict
    predicted = headline.candidate.predicted?.speedup
    isRefuted = headline.candidate.isRefuted
    least = experiment.headlineRange?.least
    most = experiment.headlineRange?.most
    peer = experiment.ratio(of: headline.candidate, to: .peer)
    limit = experiment.ratio(of: headline.candidate, to: .limit)
  }
}
