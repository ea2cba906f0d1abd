import Platform
import Results
import Statistics

/// Two commands measured in turns: in each round A, A′ and B run once in random order and once in
/// the mirrored order. A and A′ are the same command.
///
/// A round is what a process is to a measured point: every run is a process of its own, so that
/// rounds are independent but for what the machine does.
public struct CommandMeasurement {
  private let pair: CommandPair
  private let rule: StopRule
  private let budget: Double
  private var generator: SeededGenerator
  /// What each run of a side wrote, without repetition.
  private var outputs: [Set<Command.OutputDigest>] = [[], []]
  private var endings: [Set<Command.Ending>] = [[], []]
  private var records: [ProcessRecord] = []
  private var stop = StopReason.interrupted
  private let start = Clock.now()
  /// Of one run of each side, as far as is known.
  private var secondsPerRun = [0.0, 0.0]

  /// Rounds below which an interval does not reach 95%.
  public static let fewestRounds = PointMeasurement.fewestProcesses
  /// Beyond them nothing gets more precise that the rounds before did not.
  static let mostRounds = 500

  /// - Parameters:
  ///   - halfWidth: of the ratio's interval, as a log-ratio, that is precise enough.
  ///   - seconds: after which no round begins, once there are the fewest.
  public init(_ pair: CommandPair, halfWidth: Double, seconds: Double, seed: UInt64) {
    self.pair = pair
    rule = StopRule(halfWidth: halfWidth, fewestProcesses: Self.fewestRounds)
    budget = seconds
    generator = SeededGenerator(seed: seed)
  }

  /// How far it is.
  public struct Progress: Sendable {
    /// Rounds that are complete.
    public let rounds: Int
    /// Of the time or of the rounds that are left, whichever ends it first; 0 to 1.
    public let fraction: Double
    /// About so long; it may be precise earlier.
    public let secondsLeft: Double
  }

  /// Measures until it is precise or its time is spent.
  /// - Returns: false if it was interrupted; what was measured stays.
  public mutating func measure(
    onRun: (Progress) throws -> Void
  ) throws -> Bool {
    do {
      // The first run of each reads its files into memory and proves that it works.
      for side in 0..<2 {
        try onRun(progress)
        secondsPerRun[side] = try note(side, pair.run(side)).nanoseconds / 1e9
      }
      while records.count < Self.mostRounds {
        if records.count >= Self.fewestRounds && elapsed >= budget { break }
        records.append(try round(onRun))
        let interval = analysis.comparison(of: 2)?.interval
        if rule.isPrecise(interval.map { [$0] } ?? [], processes: records.count) {
          stop = .precise
          return true
        }
      }
      stop = .budget
      return true
    } catch let failure as CommandFailure where failure.isInterrupt { return false }
  }

  private mutating func round(_ onRun: (Progress) throws -> Void) throws -> ProcessRecord {
    var slots: [ProcessRecord.Slot] = []
    for instance in Schedule.block(instances: 3, using: &generator) {
      try onRun(progress)
      let side = instance == 2 ? 1 : 0
      let run = try note(side, pair.run(side))
      slots.append(
        ProcessRecord.Slot(
          instance: instance, nanoseconds: run.nanoseconds, value: run.nanoseconds, counters: [],
          reports: [
            "user time": Counter(run.userNanoseconds, unit: .nanoseconds),
            "system time": Counter(run.systemNanoseconds, unit: .nanoseconds),
            "peak memory": Counter(run.peakBytes, unit: .bytes),
          ], observations: nil))
    }
    var record = ProcessRecord()
    record.blocks = [ProcessRecord.Block(slots: slots, disturbances: [], additionsPerCycle: [])]
    return record
  }

  private mutating func note(_ side: Int, _ run: Command.Run) throws -> Command.Run {
    if let output = run.output { outputs[side].insert(output) }
    endings[side].insert(run.ending)
    return run
  }

  private var elapsed: Double { Double(Clock.now() - start) / 1e9 }

  private var progress: Progress {
    let each = 2 * (2 * secondsPerRun[0] + secondsPerRun[1])
    let fewest = Double(max(0, Self.fewestRounds - records.count)) * each
    let left = max(fewest, budget - elapsed)
    return Progress(
      rounds: records.count, fraction: elapsed / max(elapsed + left, 1e-9), secondsLeft: left)
  }

  /// Two programs may differ in their noise, so that B is compared with A alone.
  private static let instances = Lineup.Pair(baselines: [0], null: [0, 1], candidate: 2)

  private var analysis: PointAnalysis { PointAnalysis(records, metric: .time) }

  /// What they wrote, as far as it was compared.
  public var found: CommandPair.Outputs {
    guard pair.comparesOutput else { return .notCompared }
    if let side = outputs.firstIndex(where: { $0.count > 1 }) { return .unsteady(side: side) }
    guard let first = outputs[0].first, let second = outputs[1].first else { return .notCompared }
    return first == second
      ? .same(bytes: first.bytes) : .different(bytes: [first.bytes, second.bytes])
  }

  /// How the runs of each side ended, without repetition: `0`, `SIGSEGV`.
  public var exits: [[String]] {
    endings.map { found in
      found.map { ending in
        switch ending {
        case .exited(let code): String(code)
        case .killed(let signal): PointFailure.signalName(signal)
        }
      }.sorted()
    }
  }

  /// The comparison; nil without a complete round.
  public var row: ABRow? {
    ABRow(
      analysis, Self.instances, stop: stop, metric: .time,
      counts: ["user time", "system time", "peak memory"])
  }
}

extension ABRow {
  /// From an analysis; nil where nothing was measured.
  /// - Parameters:
  ///   - pair: instances of the first side, and the second side's.
  ///   - counts: names of the counters and reports that it keeps, in their order.
  init?(
    _ analysis: PointAnalysis, _ pair: Lineup.Pair, stop: StopReason, metric: MetricRecord,
    counts: [String], units: [String: Unit] = [:]
  ) {
    guard let before = analysis.value(of: pair.null),
      let after = analysis.value(of: [pair.candidate]),
      let ratio = analysis.comparison(of: pair.candidate, to: pair.baselines),
      let null = analysis.comparison(of: pair.null[1], to: [pair.null[0]]),
      let judged = analysis.interval(of: pair.candidate, to: pair.baselines)
    else { return nil }
    let verdict = JudgementRule().judge(
      judged, null: null.interval, isDisturbed: analysis.isDisturbed)
    let sides = [pair.null, [pair.candidate]].map { instances in
      let (counters, reports) = analysis.counters(of: instances)
      return counters.merging(reports) { $1 }
    }
    let unit = analysis.reportUnits.merging(units) { $1 }
    self.init(
      experiment: "", variant: "", parameter: nil, axis: "", metric: metric,
      before: Interval(before), after: Interval(after), ratio: Interval(ratio.interval.ratio),
      null: Interval(null.interval.ratio), processes: analysis.processes.count,
      blocks: analysis.blocksKept, discarded: analysis.discarded, stop: stop,
      isDisturbed: analysis.isDisturbed, first: Verdict(verdict),
      counts: counts.compactMap { name in
        guard let before = sides[0][name] ?? (sides[1][name].map { _ in 0 }) else { return nil }
        let compared = analysis.reported(name)?.comparison(
          of: pair.candidate, to: pair.baselines)
        return Count(
          name: name, before: Counter(before, unit: unit[name] ?? .count),
          after: Counter(sides[1][name] ?? 0, unit: unit[name] ?? .count),
          ratio: compared.map { Interval($0.interval.ratio) })
      })
  }
}
