import Platform
import Results
import Statistics

/// Simulates one point: replications on all processors until it is precise or its time is spent.
///
/// A replication is what a process is to a measured point. The baseline and the candidates share its
/// seed, so that what they are given is paired; A′ has a seed of its own, so that the null shows how
/// much the random numbers alone can do.
struct PointSimulation: PointSession {
  let experiment: Experiment
  let parameter: Parameter
  /// Indices of the variants that are not skipped, the baseline first.
  let variants: [Int]
  let lineup: Lineup
  let preset: Preset
  let seed: UInt64
  let cpus: [Int]
  let launch: WorkerLaunch

  var progress: PointProgress

  /// - Parameter progress: of a simulation that goes on.
  init(
    _ experiment: Experiment, at parameter: Parameter, variants: [Int], preset: Preset,
    seed: UInt64, cpus: [Int], launch: WorkerLaunch, progress: PointProgress = PointProgress()
  ) {
    self.experiment = experiment
    self.parameter = parameter
    self.variants = variants
    lineup = Lineup(variants, of: experiment)
    self.preset = preset
    self.seed = seed
    self.cpus = cpus
    self.launch = launch
    self.progress = progress
  }

  /// All in the first pass: the hour does not change what is simulated.
  mutating func measure(_ pass: Pass) throws(PointFailure) {
    guard progress.stop == .interrupted else { return }
    let (start, before) = (Clock.now(), progress.wallSeconds)
    let workers = try started(min(cpus.count, most))
    while records.count < most {
      let wanted = min(workers.count, most - records.count)
      // One after the other, as if there were one processor: how many there are changes no result.
      for record in try replications(on: workers.prefix(wanted)) {
        progress.records.append(record)
        progress.wallSeconds = before + Double(Clock.now() - start) / 1e9
        if isPrecise {
          progress.stop = .precise
          return
        }
      }
      let isSpent = progress.wallSeconds >= preset.pointSeconds
      if records.count >= preset.processes.lowerBound && isSpent { break }
    }
    progress.stop = .budget
  }

  /// Replications at most: more than processes, since the null is not paired and narrows slowly.
  private var most: Int { preset == .smoke ? 1 : 4 * preset.processes.upperBound }

  /// Whether the intervals are narrow enough, and no verdict is missing for the null's width alone.
  private var isPrecise: Bool {
    let (analysis, comparisons) = (analysis, comparisons)
    guard preset.stopRule.isPrecise(comparisons, processes: records.count),
      let null = analysis.null?.interval
    else { return false }
    var certain = null
    (certain.low, certain.high) = (0, 0)
    let rule = JudgementRule()
    return comparisons.allSatisfy {
      rule.judge($0, null: null) != .unresolved || rule.judge($0, null: certain) == .unresolved
    }
  }

  /// Worker processes, one on a processor.
  func started(_ count: Int) throws(PointFailure) -> [ChildProcess] {
    var workers: [ChildProcess] = []
    for cpu in cpus.prefix(count) {
      do {
        workers.append(
          try ChildProcess(
            path: launch.path, arguments: launch.arguments,
            environment: Crew.variables(launch.environment, with: VariantEnvironment()),
            cpus: [cpu]))
      } catch { throw .worker(error, doing: "starting") }
    }
    return workers
  }

  /// One replication on each worker, side by side, in the order of their seeds.
  private func replications(
    on workers: ArraySlice<ChildProcess>
  ) throws(PointFailure) -> [ProcessRecord] {
    for (place, worker) in workers.enumerated() {
      var generator = SeededGenerator(seed: seed, stream: UInt64(records.count + place))
      let (common, null) = (generator.next(), generator.next())
      let seeds = instances.indices.map { $0 == 1 ? null : common }
      worker.writeLine(
        WorkerProtocol.encode(
          Request.replicate(
            ReplicationOrder(
              experiment: experiment.id, parameter: parameter, instances: instances, seeds: seeds))
        ))
    }
    var found: [ProcessRecord] = []
    for worker in workers {
      let reply = try worker.answer(within: launch.timeout, doing: "simulating")
      guard case .replications(let own) = reply, own.count == instances.count else {
        throw .refused("the worker answered something else than replications")
      }
      found.append(try record(own))
    }
    return found
  }

  private func record(_ found: [Replicated]) throws(PointFailure) -> ProcessRecord {
    var slots: [ProcessRecord.Slot] = []
    for (instance, replicated) in found.enumerated() {
      slots.append(
        ProcessRecord.Slot(
          instance: instance, nanoseconds: replicated.nanoseconds,
          value: try value(of: replicated, variant: instances[instance]), counters: [],
          reports: replicated.figures,
          observations: replicated.observations))
    }
    var record = ProcessRecord()
    record.blocks = [ProcessRecord.Block(slots: slots, disturbances: [], additionsPerCycle: [])]
    return record
  }

  /// The metric of a replication.
  /// - Parameter variant: its index in the experiment.
  func value(of found: Replicated, variant: Int) throws(PointFailure) -> Double {
    let metric = experiment.metric.record
    let value =
      metric.percentile.map { found.observations?.quantile($0 / 100) }
      ?? found.figures[metric.name]?.value
    let name = experiment.variants[variant].name
    guard let value else { throw .metricNotReported(name: metric.name, variant: name) }
    guard value > 0, value.isFinite else {
      throw .metricNotPositive(name: metric.name, variant: name, value: value)
    }
    return value
  }
}
