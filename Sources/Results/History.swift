/// What is kept of a run for good: its results without prose, code, counters, reasons and
/// single observations, so that a hundred of them are small. It remains a results file, and is
/// compared as one.
extension Results {
  /// The experiments that this run measured itself; nil where there is none.
  public var historyEntry: Results? {
    var entry = self
    entry.experiments = experiments.filter {
      $0.run?.started == run.started && $0.status == .measured
    }
    .map(\.thinned)
    guard !entry.experiments.isEmpty else { return nil }
    entry.machine.numbers = machine.numbers.mapValues { MachineNumber($0.quantity, method: "") }
    for index in entry.conditions.indices {
      entry.conditions[index].why = ""
      entry.conditions[index].fix = ""
    }
    return entry
  }
}

extension ExperimentResult {
  fileprivate var thinned: ExperimentResult {
    var result = self
    result.account = Account(
      slot: "", claim: "", mechanism: "", limits: "", diagram: "", axis: account.axis,
      numericAxis: account.numericAxis, metric: account.metric, signals: [],
      headline: account.headline, references: account.references,
      yardsticks: account.yardsticks, sources: [])
    for point in result.points.indices {
      result.points[point].predictions = nil
      for variant in result.points[point].variants.indices {
        result.points[point].variants[variant].counters = [:]
        result.points[point].variants[variant].distribution = nil
      }
      for candidate in result.points[point].candidates.indices {
        result.points[point].candidates[candidate].predicted?.because = ""
        result.points[point].candidates[candidate].yardsticks = nil
      }
    }
    return result
  }
}

/// The course of an experiment's headline over the runs that measured it.
public struct Trend: Equatable, Sendable {
  /// Fewer runs make no trend.
  public static let fewestRuns = 3
  /// More are not shown: the latest count.
  public static let mostRuns = 30

  /// One run.
  public struct Step: Equatable, Sendable {
    /// How and when.
    public var run: Run
    /// On which kernel.
    public var kernel: String
    /// The headline's candidate at the headline's point.
    public var candidate: CandidateResult
    /// What differs from the step before: `kernel`, `compiler`. Empty for the first.
    public var changes: [String]
  }

  /// Where on the axis.
  public var point: PointResult
  /// The candidate's name.
  public var candidate: String
  /// The oldest first.
  public var steps: [Step]

  /// Nil where fewer than three runs have measured what the page's headline shows.
  /// - Parameter history: the runs of the machine, in any order.
  public init?(_ experiment: ExperimentResult, history: [Results]) {
    guard let headline = experiment.headline else { return nil }
    let runs = history.sorted { ($0.run.started, $0.run.seed) < ($1.run.started, $1.run.seed) }
    var steps: [Step] = []
    var last: Results?
    for results in runs {
      guard
        let candidate = results.experiments.first(where: { $0.sweepsAlike(experiment) })?.points
          .first(where: { $0.parameter == headline.point.parameter && $0.status == .measured })?
          .candidates.first(where: { $0.name == headline.candidate.name }),
        candidate.speedup != nil
      else { continue }
      steps.append(
        Step(
          run: results.run, kernel: results.machine.kernel, candidate: candidate,
          changes: last.map { Self.changes($0, results) } ?? []))
      last = results
    }
    guard steps.count >= Self.fewestRuns else { return nil }
    point = headline.point
    self.candidate = headline.candidate.name
    self.steps = steps.suffix(Self.mostRuns)
  }

  /// What is another machine, system or build than before.
  private static func changes(_ before: Results, _ after: Results) -> [String] {
    let known = [
      before.machine.isLike(after.machine) ? nil : "machine",
      before.machine.kernel == after.machine.kernel ? nil : "kernel",
      before.run.flags.compiler == after.run.flags.compiler ? nil : "compiler",
      before.run.flags.instructionSet == after.run.flags.instructionSet
        && before.run.flags.features == after.run.flags.features ? nil : "instruction set",
      before.run.version == after.run.version ? nil : "perflab \(after.run.version)",
      before.run.preset == after.run.preset ? nil : "preset \(after.run.preset)",
    ]
    return known.compactMap { $0 }
  }
}
