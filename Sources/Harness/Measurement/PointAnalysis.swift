import Results
import Statistics

/// From blocks to intervals and verdicts, for one point.
///
/// Instance 0 and 1 are the baseline, prepared apart: A and A′. The candidates follow, unless a
/// `Lineup` says otherwise. A candidate is compared with A only, just as A′ is for the null, and
/// sample by sample: the mean of A and A′, or of a block's two samples, has less noise but another
/// shape of it than a single sample, so that the median of the differences would not be 0 for
/// identical kernels. Where both sides are one kernel, of two builds, the candidate is compared with
/// A and with A′, each by itself (METHODOLOGY.md).
struct PointAnalysis {
  let processes: [ProcessRecord]
  private let metric: MetricRecord
  let lowerIsBetter: Bool
  /// As a share, where the metric is a percentile: each process then gives one value of each
  /// instance, from all that it observed.
  let quantile: Double?
  /// Observations without which a process says nothing of a percentile.
  let fewestObservations: Int
  /// Too few processes have an undisturbed block. The figures then include disturbed blocks, so that
  /// the page shows what there is, and a verdict allows for what the disturbances can have done.
  let isDisturbed: Bool

  /// - Parameter isSmoke: whether a percentile of anything will do.
  init(_ processes: [ProcessRecord], metric: MetricRecord, isSmoke: Bool = false) {
    let wanted = metric.percentile.map(Distribution.fewest) ?? 0
    fewestObservations = isSmoke ? 1 : wanted
    self.processes = processes
    self.metric = metric
    lowerIsBetter = metric.lowerIsBetter
    quantile = metric.percentile.map { $0 / 100 }
    let good = processes.count { $0.hasKeptBlock }
    isDisturbed = good < min(PointMeasurement.fewestProcesses, processes.count)
  }

  /// A candidate's interval for its verdict: where the figures are made of disturbed blocks, widened
  /// by what the disturbances can have done at most. Time that others took makes samples longer,
  /// never shorter: those of the baseline make a ratio too large, the candidate's too small.
  func interval(of instance: Int, to others: [Int] = [0]) -> ConfidenceInterval? {
    guard var interval = comparison(of: instance, to: others)?.interval else { return nil }
    guard isDisturbed else { return interval }
    func shifted(_ shift: (_ other: Int, ProcessRecord) -> Double) -> ConfidenceInterval? {
      let blocks = others.map { other in
        zip(processes, logRatios(of: instance, to: other)).map { process, ratios in
          let shift = shift(other, process)
          return ratios.map { $0 + shift }
        }
      }
      return PairedComparison(against: blocks)?.interval
    }
    interval.low = shifted { -lengthening(of: $0, in: $1) }?.low ?? -Self.unbounded
    interval.high = shifted { lengthening(of: instance, in: $1) }?.high ?? Self.unbounded
    return interval
  }

  /// Beyond any effect, as a logarithm.
  private static let unbounded = 1_000.0

  /// How much longer disturbances can have made an instance's median sample at most, as a logarithm.
  ///
  /// A busy neighbour on a core's other hardware thread leaves at least half of the core's throughput.
  /// How long a sample waited for its processor, behind others of this system, is known of each. Of
  /// what the hypervisor took, only the sum S over all samples is known. To make the median of n pairs'
  /// ratios wrong by a factor of 1 ÷ (1 − r), it must have taken a share r of half of the samples at
  /// least: no less than r times the sum of the n ÷ 2 shortest.
  private func lengthening(of instance: Int, in process: ProcessRecord) -> Double {
    let blocks = used(process)
    let kinds = Set(blocks.flatMap(\.disturbances))
    if kinds.isEmpty { return 0 }
    // A share of what succeeds in time may fall by more than the throughput. Dollars grow with the
    // time at most.
    guard quantile == nil,
      [.nanoseconds, .operationsPerSecond, .dollarsPerMonth].contains(metric.unit)
    else {
      return Self.unbounded
    }
    let shared = kinds.contains(Disturbance.shared.rawValue) ? naturalLogarithm(2) : 0
    let others = kinds.subtracting([Disturbance.shared.rawValue])
    if others.isEmpty { return shared }
    let bounded = [Disturbance.stolen.rawValue, Disturbance.preempted.rawValue]
    let own = blocks.flatMap(\.slots).filter { $0.instance == instance }
    guard metric == .time, others.isSubset(of: bounded), !own.isEmpty else {
      return Self.unbounded
    }
    guard others.contains(Disturbance.stolen.rawValue) else {
      let median = own.map(\.nanoseconds).median()
      let rest = own.map { $0.nanoseconds - $0.lostNanoseconds }.median()
      return rest > 0 ? shared + naturalLogarithm(median / rest) : Self.unbounded
    }
    let lost = blocks.flatMap(\.slots).reduce(0) { $0 + $1.lostNanoseconds }
    let half = own.map(\.nanoseconds).sorted().prefix((own.count + 1) / 2)
    let share = lost / half.reduce(0, +)
    return share < 1 ? shared - naturalLogarithm(1 - share) : Self.unbounded
  }

  /// Log-ratios of an instance against A or another, by process; above 0 where the instance is
  /// better. Each kept block gives two: from its random order and from the mirrored one.
  func logRatios(of instance: Int, to other: Int = 0) -> [[Double]] {
    processes.map { process in
      if let quantile {
        let ends = [other, instance].map { percentile(quantile, of: [$0], in: process) }
        guard let first = ends[0], let own = ends[1] else { return [] }
        return [sign * (naturalLogarithm(first) - naturalLogarithm(own))]
      }
      return used(process).flatMap { block in
        zip(logs(block, other), logs(block, instance)).map { sign * ($0 - $1) }
      }
    }
  }

  /// - Parameter others: baselines that are alike, or one.
  func comparison(of instance: Int, to others: [Int] = [0]) -> PairedComparison? {
    PairedComparison(against: others.map { logRatios(of: instance, to: $0) })
  }

  /// A against A′, in the candidates' direction.
  var null: PairedComparison? { comparison(of: 1) }

  /// The metric of the instances of one variant over the processes' medians.
  func value(of instances: [Int]) -> ConfidenceInterval? {
    let byProcess = processes.map { process in
      if let quantile {
        return [percentile(quantile, of: instances, in: process)].compactMap(\.self)
      }
      return used(process).flatMap(\.slots)
        .filter { instances.contains($0.instance) }.map(\.value)
    }
    let kept = byProcess.filter { !$0.isEmpty }
    return kept.isEmpty
      ? nil : PairedComparison.method.interval(kept, level: PairedComparison.level)
  }

  /// Means over the kept samples of one variant: counters per call, reports as they are, each over
  /// the samples that have it.
  func counters(of instances: [Int]) -> (counters: [String: Double], reports: [String: Double]) {
    var calls = 0.0
    var counters: [String: Double] = [:]
    var reports: [String: [Double]] = [:]
    for process in processes {
      for slot in used(process).flatMap(\.slots)
      where instances.contains(slot.instance) {
        calls += Double(process.iterations)
        counters.merge(zip(process.counterNames, slot.counters), uniquingKeysWith: +)
        reports.merge(
          slot.reports.compactMapValues(\.value).mapValues { [$0] }, uniquingKeysWith: +)
      }
    }
    return (
      counters.mapValues { $0 / max(1, calls) },
      reports.mapValues { $0.reduce(0, +) / Double($0.count) }
    )
  }

  /// The same analysis of what each sample reported, less being better; nil where one reported
  /// nothing or 0, which has no ratio.
  func reported(_ name: String) -> PointAnalysis? {
    var found = processes
    for process in found.indices {
      for block in found[process].blocks.indices {
        for slot in found[process].blocks[block].slots.indices {
          let report = found[process].blocks[block].slots[slot].reports[name]?.value
          guard let report, report > 0 else { return nil }
          found[process].blocks[block].slots[slot].value = report
        }
      }
    }
    return PointAnalysis(found, metric: .time)
  }

  /// Of what instances of one variant observed in a process; nil where that is too little.
  private func percentile(
    _ quantile: Double, of instances: [Int], in process: ProcessRecord
  ) -> Double? {
    let observed = observations(of: instances, in: process)
    return (observed?.count ?? 0) < fewestObservations ? nil : observed?.quantile(quantile)
  }

  private func observations(of instances: [Int], in process: ProcessRecord) -> Distribution? {
    instances.compactMap { process.observations(of: $0, in: used(process)) }
      .reduce(nil) { $0?.merged(with: $1) ?? $1 }
  }

  /// What the instances of one variant observed in all processes; nil where that is nothing.
  func observations(of instances: [Int]) -> Distribution? {
    processes.compactMap { observations(of: instances, in: $0) }
      .reduce(nil) { $0?.merged(with: $1) ?? $1 }
  }

  /// The blocks that are kept. Where figures are made of disturbed ones, a process has its least
  /// disturbed: those on a shared core alone, whose effect has a bound, before those that lost time. A
  /// percentile needs the observations of all.
  private func used(_ process: ProcessRecord) -> [ProcessRecord.Block] {
    let kept = process.blocks.filter(\.isKept)
    guard isDisturbed else { return kept }
    if quantile != nil { return process.blocks }
    let shared = process.blocks.filter { $0.disturbances == [Disturbance.shared.rawValue] }
    return [kept, shared, process.blocks].first { !$0.isEmpty } ?? []
  }

  /// The units of what kernels reported, by name.
  var reportUnits: [String: Unit] {
    let slots = processes.first?.blocks.first?.slots ?? []
    return slots.reduce(into: [:]) { units, slot in
      units.merge(slot.reports.mapValues(\.unit)) { $1 }
    }
  }

  var blocksKept: Int { processes.reduce(0) { $0 + $1.blocks.count { $0.isKept } } }

  /// Blocks dropped, by the first rule that each broke.
  var discarded: [String: Int] {
    var counts: [String: Int] = [:]
    for block in processes.flatMap(\.blocks) {
      if let reason = block.disturbances.first { counts[reason, default: 0] += 1 }
    }
    return counts
  }

  var timedSeconds: Double {
    processes.flatMap(\.blocks).flatMap(\.slots).reduce(0) { $0 + $1.nanoseconds } / 1e9
  }

  private var sign: Double { lowerIsBetter ? 1 : -1 }

  /// The logs of an instance's samples in a block, in the order of time.
  private func logs(_ block: ProcessRecord.Block, _ instance: Int) -> [Double] {
    block.slots.filter { $0.instance == instance }.map { naturalLogarithm($0.value) }
  }
}
