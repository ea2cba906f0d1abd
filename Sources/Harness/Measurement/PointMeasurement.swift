import Platform
import Results
import Statistics

/// Measures one point: rounds of fresh workers, pass after pass, until it is precise or its time is
/// spent.
struct PointMeasurement: PointSession {
  let experiment: Experiment
  let parameter: Parameter
  /// Indices of the variants that are not skipped, the baseline first.
  let variants: [Int]
  let preset: Preset
  let seed: UInt64
  let cpus: [Int]
  let lineup: Lineup
  private let builds: [WorkerBuild]
  private let comparesBuilds: Bool

  var progress: PointProgress
  /// Nil where the experiment tolerates company.
  private var share: CoreShare?

  /// So many times its time a process may take for enough observations.
  private static let longestObservation = 25.0
  /// Good blocks that a disturbed process should have for its median.
  private static let fewestBlocks = 3
  /// With six processes the interval first reaches 95%.
  static let fewestProcesses = 6

  /// - Parameters:
  ///   - lineup: nil for A, A′ and the candidates of one build.
  ///   - builds: those that the lineup's members refer to.
  ///   - comparesBuilds: whether the results of two builds must agree.
  ///   - progress: of a measurement that goes on.
  init(
    _ experiment: Experiment, at parameter: Parameter, variants: [Int], preset: Preset,
    seed: UInt64, cpus: [Int], machine: Machine, lineup: Lineup? = nil, builds: [WorkerBuild],
    comparesBuilds: Bool = true, progress: PointProgress = PointProgress()
  ) {
    share = experiment.tolerates.contains(.shared) ? nil : CoreShare(machine)
    self.experiment = experiment
    self.parameter = parameter
    self.variants = variants
    self.preset = preset
    self.seed = seed
    self.cpus = cpus
    self.lineup = lineup ?? Lineup(variants, of: experiment)
    self.builds = builds
    self.comparesBuilds = comparesBuilds
    self.progress = progress
    for record in progress.records { share?.learn(from: record) }
  }

  mutating func measure(_ pass: Pass) throws(PointFailure) {
    let (start, before) = (Clock.now(), progress.wallSeconds)
    // Of a slow kernel one disturbed block is a whole process: up to twice as many are begun.
    let fewest = pass.due(of: min(Self.fewestProcesses, preset.processes.lowerBound))
    while records.count < pass.due(of: preset.processes.upperBound) {
      append(try round(records.count))
      // Of what is kept: a process that an interrupt ends costs the point nothing.
      progress.wallSeconds = before + Self.seconds(since: start)
      if isEnough(for: pass) {
        progress.stop = pass.isLast ? .precise : .interrupted
        return
      }
      let good = max(records.count { $0.hasKeptBlock }, records.count / 2)
      if good >= fewest && progress.wallSeconds >= pass.due(of: seconds(in: pass)) { break }
    }
    if pass.isLast { progress.stop = .budget }
  }

  private func seconds(in pass: Pass) -> Double {
    let isHeadline = experiment.headline?.value == parameter.value
    return preset.seconds(isVerdict: pass.isLast && isHeadline, comparisons)
  }

  /// Whether all intervals are narrow enough. Before the last pass there are too few processes for
  /// more than a guess, which only decides when they are measured.
  private func isEnough(for pass: Pass) -> Bool {
    let comparisons = comparisons
    guard comparisons.count == lineup.pairs.count,
      records.count >= pass.due(of: preset.processes.lowerBound)
    else { return false }
    let rule = preset.stopRule
    return pass.isLast
      ? rule.isPrecise(comparisons, processes: records.count)
      : comparisons.allSatisfy { $0.halfWidth <= rule.target($0) }
  }

  /// What this process has seen the core do may show that earlier ones had less of it.
  private mutating func append(_ record: ProcessRecord) {
    progress.records.append(record)
    share?.learn(from: record)
    guard let share else { return }
    for index in records.indices { progress.records[index].mark(share) }
  }

  /// One round of fresh processes. The first one measures how long calls take.
  private mutating func round(_ index: Int) throws(PointFailure) -> ProcessRecord {
    var generator = SeededGenerator(seed: seed, stream: UInt64(index))
    let crew = try Crew(experiment, lineup, builds: builds, cpus: cpus)
    let (calls, unavailable) = try crew.prepare(
      parameter: parameter, seed: generator.next(), cpus: cpus, firstCall: firstCall,
      turn: index, comparesBuilds: comparesBuilds)
    if progress.pace == nil { progress.pace = try paced(calls, inTurns: crew.takesTurns) }
    let pace = progress.pace!
    var record = ProcessRecord()
    record.unavailable = unavailable
    record.iterations = pace.iterations
    let start = Clock.now()
    repeat {
      let blocks = (0..<pace.batch).map { _ in
        Schedule.block(
          lineup.processes, isMirrored: isMirrored(pace), using: &generator)
      }
      let samples = try crew.run(
        blocks.flatMap { $0 }, iterations: pace.iterations, warmUpCalls: pace.warmUpCalls)
      let size = samples.count / pace.batch
      for first in stride(from: 0, to: samples.count, by: size) {
        try append(samples[first..<first + size], to: &record)
      }
      if let share { record.mark(share) }
    } while mustGoOn(record, for: Self.seconds(since: start))
    return record
  }

  /// Of the next process.
  private var firstCall: FirstCall {
    guard let pace = progress.pace else { return .timed }
    return experiment.isRehearsed || !pace.isOfLongCalls ? .compared : .sampled
  }

  /// A coarse preset samples long calls once per process: another process says more than the same
  /// one again.
  private func isMirrored(_ pace: PointProgress.Pace) -> Bool {
    experiment.isMirrored && !(preset.isCoarse && pace.isOfLongCalls)
  }

  private func paced(
    _ calls: [Double], inTurns: Bool
  ) throws(PointFailure) -> PointProgress.Pace {
    let iterations = try Self.iterations(
      calls, names: instances.map { experiment.variants[$0].name }, inTurns: inTurns)
    let warmUpCalls = calls.map {
      max(inTurns ? 1 : 0, SampleLength.warmUpCalls(of: iterations, each: $0))
    }
    let blockSeconds =
      zip(calls, warmUpCalls).reduce(0) { $0 + $1.0 * 2 * Double(iterations + $1.1) } / 1e9
    let fitting = Int(preset.messageSeconds / max(1e-6, blockSeconds))
    let batch = inTurns ? 1 : max(1, min(PointProgress.Pace.largestBatch, fitting))
    return PointProgress.Pace(iterations: iterations, batch: batch, warmUpCalls: warmUpCalls)
  }

  /// A process goes on for its time. For a percentile it goes on until it has observed enough, within
  /// a limit. One that lost blocks to disturbances gets up to three times its time for some good
  /// ones; one whose kernels are slow does not: its time is better spent on another process.
  private func mustGoOn(_ record: ProcessRecord, for seconds: Double) -> Bool {
    if seconds < preset.secondsPerProcess { return true }
    if let percentile = experiment.metric.record.percentile, preset != .smoke {
      let fewest = Distribution.fewest(forPercentile: percentile)
      let isShort = instances.indices.contains { instance in
        let observed = record.observations(of: instance, in: record.blocks.filter(\.isKept))
        return (observed?.count ?? 0) < fewest
      }
      if isShort { return seconds < Self.longestObservation * preset.secondsPerProcess }
    }
    if seconds >= 3 * preset.secondsPerProcess || preset == .smoke { return false }
    let good = record.blocks.count { $0.isKept }
    return good < record.blocks.count && good < Self.fewestBlocks
  }

  private func append(
    _ samples: ArraySlice<Sample>, to record: inout ProcessRecord
  ) throws(PointFailure) {
    var slots: [ProcessRecord.Slot] = []
    for sample in samples {
      slots.append(
        ProcessRecord.Slot(
          instance: sample.instance, nanoseconds: sample.nanoseconds,
          value: try value(of: sample, iterations: record.iterations),
          lostNanoseconds: sample.lostNanoseconds, counters: record.values(of: sample.counters),
          reports: sample.reports, observations: sample.observations))
    }
    let tolerated = Set(experiment.tolerates.map(\.rawValue))
    let found = Set(samples.flatMap(\.disturbances)).subtracting(tolerated)
    record.blocks.append(
      ProcessRecord.Block(
        slots: slots, disturbances: found.sorted(),
        additionsPerCycle: CoreShare.lowest(samples.map(\.additionsPerCycle))))
  }

  private func value(of sample: Sample, iterations: Int) throws(PointFailure) -> Double {
    switch experiment.metric {
    case .time: return sample.nanoseconds / Double(iterations)
    case .percentile(let percentile, let name, _):
      let variant = experiment.variants[instances[sample.instance]].name
      guard let value = sample.observations?.quantile(percentile / 100) else {
        throw .metricNotReported(name: name, variant: variant)
      }
      guard value > 0 else { throw .metricNotPositive(name: name, variant: variant, value: value) }
      return value
    case .reported(let name, _, _):
      let variant = experiment.variants[instances[sample.instance]].name
      guard let value = sample.reports[name]?.value else {
        throw .metricNotReported(name: name, variant: variant)
      }
      guard value > 0, value.isFinite else {
        throw .metricNotPositive(name: name, variant: variant, value: value)
      }
      return value
    }
  }

  /// How many calls make a sample: the same number for every variant.
  static func iterations(
    _ calls: [Double], names: [String], inTurns: Bool
  ) throws(PointFailure) -> Int {
    for (call, name) in zip(calls, names) where call < PointFailure.shortestCall {
      throw .tooShort(variant: name, nanoseconds: call)
    }
    return SampleLength.calls(
      fastest: calls.min()!, slowest: calls.max()!,
      shortest: inTurns ? SampleLength.shortestInTurns : SampleLength.shortest)
  }

  private static func seconds(since start: UInt64) -> Double {
    Double(Clock.now() - start) / 1e9
  }
}
