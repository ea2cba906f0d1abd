import Platform
import Results
import Statistics

/// Runs experiments: checks what they need, predicts, measures point by point, draws verdicts.
public struct Orchestrator {
  /// How precise, and how long.
  public let preset: Preset
  /// Every random choice follows from it.
  public let seed: UInt64
  /// The measuring processor first, then the others in the order in which a team fills them.
  public let cpus: [Int]
  /// With its numbers, for the predictions.
  public let machine: Machine
  /// What experiments may need.
  public let facilities: Facilities
  /// How workers are started.
  public let launch: WorkerLaunch
  /// The smallest effect of interest, as a ratio above 1.
  public let rule: JudgementRule

  /// What stays the same through a run.
  public init(
    preset: Preset, seed: UInt64, cpus: [Int], machine: Machine, facilities: Facilities,
    launch: WorkerLaunch, rule: JudgementRule = JudgementRule()
  ) {
    self.preset = preset
    self.seed = seed
    self.cpus = cpus
    self.machine = machine
    self.facilities = facilities
    var launch = launch
    if preset == .smoke { launch.environment[SmokeRun.variable] = "1" }
    self.launch = launch
    self.rule = rule
  }

  /// What happens while an experiment runs, in the order in which it happens.
  public enum Event {
    /// Every point with its predictions and nothing measured: to be stored before measuring.
    case predicted(ExperimentResult)
    /// Where a variant's time goes, of an experiment that is predicted from it.
    case profiled(Profile)
    case started(Parameter)
    /// A point with its raw samples.
    case measured(PointResult, [ProcessRecord])
  }

  /// Runs one experiment over its sweep, or at its smoke value with the smoke preset.
  /// - Returns: the result; points that an interrupt kept from being measured are still `pending`.
  public func run(
    _ experiment: Experiment, sources: [SourceExcerpt], onEvent: (Event) throws -> Void
  ) throws -> ExperimentResult {
    var session = try begin(experiment, sources: sources, onEvent: onEvent)
    _ = try session.measure(.only, onEvent: onEvent)
    return session.result
  }

  /// Checks what an experiment needs and predicts each of its points. Nothing is measured yet.
  public func begin(
    _ experiment: Experiment, sources: [SourceExcerpt], onEvent: (Event) throws -> Void
  ) throws -> ExperimentSession {
    var result = ExperimentResult(
      id: experiment.id, title: experiment.title, evidence: experiment.evidence,
      status: .pending,
      reason: ExperimentSession.predicted, account: experiment.account(sources: sources),
      points: [])
    let unmet = facilities.unmet(experiment.needs)
    if !unmet.isEmpty {
      result.status = .skipped
      result.reason = unmet.joined(separator: "; ")
      return ExperimentSession(experiment, result, orchestrator: self)
    }
    result.account.yardsticks = experiment.yardsticks(facilities, result.account.yardsticks)
    let isSmoke = preset == .smoke
    let parameters = isSmoke ? [experiment.sweep.smoke] : experiment.sweep.values
    result.points = try parameters.map { parameter in
      let known = isSmoke ? nil : partShares(experiment, at: parameter)
      for profile in known?.profiles ?? [] where parameter == parameters.last {
        try onEvent(.profiled(profile))
      }
      var point = predicted(experiment, at: parameter, parts: known?.shares)
      if let failure = known?.failure { point.warnings.append("no prediction: \(failure)") }
      return point
    }
    try onEvent(.predicted(result))
    return ExperimentSession(experiment, result, orchestrator: self)
  }

  /// A point before it is measured: skipped with its reason, or pending with its predictions.
  func predicted(
    _ experiment: Experiment, at parameter: Parameter, parts: PartShares?
  ) -> PointResult {
    var point = PointResult(
      parameter: parameter, status: .pending, work: experiment.work(parameter.value))
    let unmet = facilities.unmet(experiment.sweep.needs(parameter.value))
    if !unmet.isEmpty {
      point.status = .skipped
      point.reason = unmet.joined(separator: "; ")
      return point
    }
    for variant in experiment.variants.dropFirst() {
      var missing = facilities.unmet(variant.needs)
      if let omitted = experiment.omission(of: variant, at: preset) { missing.append(omitted) }
      var candidate = CandidateResult(name: variant.name, speedup: nil, verdict: .skipped)
      if !missing.isEmpty { candidate.reason = missing.joined(separator: "; ") }
      point.candidates.append(candidate)
    }
    let missing = experiment.predict(&point, on: machine, parts: parts)
    point.warnings += missing.map { "no prediction for \($0.variant): no value for \($0.number)" }
    let baseline = facilities.unmet(experiment.variants[0].needs)
    let allMissing = point.candidates.allSatisfy { $0.reason != nil }
    if !baseline.isEmpty || allMissing {
      point.status = .skipped
      point.reason = facilities.unmet(experiment.variants.flatMap(\.needs)).joined(separator: "; ")
    }
    return point
  }

  /// A point of an experiment that is measured or simulated.
  /// - Parameter progress: how far it has come in an earlier process of perflab.
  func session(
    of experiment: Experiment, at index: Int, _ pending: PointResult,
    progress: PointProgress = PointProgress()
  ) -> any PointSession {
    let (variants, seed) = (present(experiment, pending), pointSeed(experiment, index))
    return experiment.evidence == .simulated
      ? PointSimulation(
        experiment, at: pending.parameter, variants: variants, preset: preset, seed: seed,
        cpus: cpus, launch: launch, progress: progress)
      : PointMeasurement(
        experiment, at: pending.parameter, variants: variants, preset: preset, seed: seed,
        cpus: cpus, machine: machine, builds: [WorkerBuild(launch)], progress: progress)
  }

  /// A point of an experiment that is computed.
  func computed(
    _ experiment: Experiment, _ pending: PointResult
  ) throws(PointFailure) -> PointResult {
    // The inputs of what is computed are drawn alike at all points: only the sweep moves them.
    let computation = PointComputation(
      experiment: experiment, rule: rule, seed: pointSeed(experiment, 0), machine: machine)
    return try computation.filled(pending, variants: present(experiment, pending))
  }

  /// Where the answer turns and what decides it, of an experiment that is computed; what decides it,
  /// of one that is simulated with uncertain inputs.
  func decision(_ experiment: Experiment, _ result: ExperimentResult) -> Decision? {
    switch experiment.evidence {
    case _ where preset == .smoke: nil
    case .computed:
      DecisionAnalysis(
        experiment: experiment, seed: pointSeed(experiment, 0), machine: machine
      ).decision(of: result)
    // It takes time, and another pass would find the same.
    case .simulated: result.decision ?? surveyed(experiment, result)
    case .measured: nil
    }
  }

  private func surveyed(_ experiment: Experiment, _ result: ExperimentResult) -> Decision? {
    guard !experiment.uncertain.isEmpty, let headline = result.headline,
      let ratio = headline.candidate.speedup?.estimate,
      let index = result.points.firstIndex(where: { $0.parameter == headline.point.parameter }),
      let candidate = experiment.variants.firstIndex(where: {
        $0.name == headline.candidate.name
      })
    else { return nil }
    let survey = InputSurvey(
      simulation: PointSimulation(
        experiment, at: headline.point.parameter, variants: [0, candidate], preset: preset,
        seed: pointSeed(experiment, index), cpus: cpus, launch: launch),
      candidate: candidate, usual: naturalLogarithm(ratio))
    guard let deciders = try? survey.deciders() else { return nil }
    return Decision(
      candidate: headline.candidate.name, breakEven: nil, parameter: headline.point.parameter,
      deciders: deciders)
  }

  /// Indices of the variants that can be had at a point, the baseline first.
  private func present(_ experiment: Experiment, _ point: PointResult) -> [Int] {
    [0] + experiment.variants.indices.dropFirst().filter { point.candidates[$0 - 1].reason == nil }
  }

  func pointSeed(_ experiment: Experiment, _ index: Int) -> UInt64 {
    var generator = SeededGenerator(seed: seed ^ experiment.id.stableHash, stream: UInt64(index))
    return generator.next()
  }

  /// Gives a point the figures that there are so far.
  func fill(_ point: inout PointResult, _ measurement: any PointSession) {
    let (experiment, variants) = (measurement.experiment, measurement.variants)
    let analysis = measurement.analysis
    point.status = .measured
    point.processes = measurement.records.count
    point.blocks = analysis.blocksKept
    point.discarded = analysis.discarded
    point.stop = measurement.progress.stop
    point.iterations = measurement.records.first?.iterations ?? 0
    point.wallSeconds = measurement.progress.wallSeconds
    point.timedSeconds = analysis.timedSeconds
    if !experiment.uncertain.isEmpty { point.inputs = experiment.uncertain.map(\.record) }
    let null = analysis.null?.interval
    point.null = null.map { Interval($0.ratio) }
    for (position, variant) in variants.enumerated() {
      // The baseline is instances 0 and 1; the candidate at position p is instance p + 1.
      let instances = position == 0 ? [0, 1] : [position + 1]
      point.variants += variantResult(experiment, variant, instances, analysis).map { [$0] } ?? []
      guard position > 0, let null, let comparison = analysis.comparison(of: position + 1),
        let interval = analysis.interval(of: position + 1)
      else { continue }
      let candidate = variant - 1
      point.candidates[candidate].speedup = Interval(comparison.interval.ratio)
      point.candidates[candidate].yardsticks = analysis.yardstickRatios(
        of: position, among: variants.map { experiment.variants[$0] })
      point.candidates[candidate].verdict = Verdict(
        rule.judge(interval, null: null, isDisturbed: analysis.isDisturbed))
    }
    let dropped = analysis.discarded.values.reduce(0, +)
    let all = dropped + analysis.blocksKept
    if analysis.isDisturbed {
      point.isDisturbed = true
      point.warnings.append(
        "\(dropped) of \(all) blocks were disturbed; the figures include such, so only an effect "
          + "beyond what the disturbances can have done has a verdict")
    } else if dropped * 2 > all {
      point.warnings.append("\(dropped) of \(all) blocks were disturbed and dropped")
    }
  }

  private func variantResult(
    _ experiment: Experiment, _ variant: Int, _ instances: [Int], _ analysis: PointAnalysis
  ) -> VariantResult? {
    guard let value = analysis.value(of: instances) else { return nil }
    let (counters, reports) = analysis.counters(of: instances)
    var result = VariantResult(
      name: experiment.variants[variant].name, value: Interval(value),
      unit: experiment.metric.record.unit,
      counters: CounterTable.merge(
        experiment.evidence == .measured ? counters : nil, reports: reports,
        units: analysis.reportUnits,
        unavailable: analysis.processes.first?.unavailable ?? [:]))
    result.distribution = analysis.observations(of: instances)
    return result
  }
}
