import Results
import Statistics
import Testing

@testable import Harness

/// Verdicts on figures that are all disturbed.
@Suite struct DisturbanceTests {
  /// Who takes time from the samples, and whose.
  private enum Planted: CaseIterable {
    /// Ticks anywhere, told as the kernel tells them: on all samples since the last look.
    case steal
    /// The same, always while the candidate runs.
    case stealFromCandidate
    /// A neighbour on the core's other hardware thread, while the baseline runs.
    case sibling
    case both
    /// Another process of this system, which a sample waits for a third to four fifths of its time.
    case waits
  }

  private func slot(_ instance: Int, _ time: Double, lost: Double) -> ProcessRecord.Slot {
    ProcessRecord.Slot(
      instance: instance, nanoseconds: time, value: time, lostNanoseconds: lost, counters: [],
      reports: [:], observations: nil)
  }

  /// Blocks of the baseline, the baseline again and a candidate that takes `ratio` of its time.
  private func process(
    ratio: Double, planted: Planted, _ random: inout SeededGenerator
  ) -> ProcessRecord {
    var record = ProcessRecord()
    let hasSteal = [.steal, .stealFromCandidate, .both].contains(planted)
    let hasSibling = planted == .sibling || planted == .both
    for _ in 0..<12 {
      let order = [0, 1, 2].shuffled(using: &random)
      var slots = (order + order.reversed()).map { instance in
        var time = 120_000 * (instance == 2 ? ratio : 1)
        time *= 1 + Double.random(in: 0..<0.02, using: &random)
        if hasSibling, instance == 0 { time *= 1.9 }
        let waited = planted == .waits ? time * Double.random(in: 0.5..<4, using: &random) : 0
        return slot(instance, time + waited, lost: waited)
      }
      if hasSteal {
        let all = slots.reduce(0) { $0 + $1.nanoseconds }
        let stolen = 0.1 * all
        let hit = slots.indices.filter { planted == .steal || slots[$0].instance == 2 }
          .randomElement(using: &random)!
        let lost = slots.map { stolen * $0.nanoseconds / all }
        for index in slots.indices {
          let time = slots[index].nanoseconds + (index == hit ? stolen : 0)
          slots[index] = slot(slots[index].instance, time, lost: lost[index])
        }
      }
      let kinds: [Disturbance] =
        (hasSteal ? [.stolen] : []) + (hasSibling ? [.shared] : [])
        + (planted == .waits ? [.preempted] : [])
      record.blocks.append(
        ProcessRecord.Block(
          slots: slots, disturbances: kinds.map(\.rawValue), additionsPerCycle: [5]))
    }
    return record
  }

  private func verdict(
    ratio: Double, planted: Planted, seed: UInt64
  ) throws -> Judgement {
    var random = SeededGenerator(seed: seed, stream: 0)
    let records = (0..<7).map { _ in process(ratio: ratio, planted: planted, &random) }
    return try verdict(records)
  }

  private func verdict(_ records: [ProcessRecord]) throws -> Judgement {
    let analysis = PointAnalysis(records, metric: .time)
    #expect(analysis.isDisturbed)
    let null = try #require(analysis.null?.interval)
    let interval = try #require(analysis.interval(of: 2))
    return JudgementRule().judge(interval, null: null, isDisturbed: analysis.isDisturbed)
  }

  @Test("Identical pairs get no verdict", arguments: Planted.allCases)
  private func identical(_ planted: Planted) throws {
    for seed in 0..<250 {
      #expect(try verdict(ratio: 1, planted: planted, seed: UInt64(seed)) == .unresolved)
    }
  }

  @Test("An effect beyond what was lost has one, in either direction", arguments: Planted.allCases)
  private func clear(_ planted: Planted) throws {
    for seed in 0..<20 {
      #expect(try verdict(ratio: 1 / 250, planted: planted, seed: UInt64(seed)) == .faster)
      #expect(try verdict(ratio: 20, planted: planted, seed: UInt64(seed)) == .slower)
    }
  }

  @Test("What each sample waited is known: a lesser effect has a verdict too")
  func waits() throws {
    for seed in 0..<20 {
      #expect(try verdict(ratio: 1 / 12, planted: .waits, seed: UInt64(seed)) == .faster)
      #expect(try verdict(ratio: 12, planted: .waits, seed: UInt64(seed)) == .slower)
    }
  }

  /// Long calls on shared cores, sampled once in a process: two of the baseline and one of a candidate.
  /// - Parameter calls: of a process by its index: the time of each, and from which of them a tick of
  ///   10 ms was stolen.
  private func verdict(
    ofLongCalls calls: (Int) -> (times: [Double], stolenFrom: Int?)
  ) throws -> Judgement {
    let records = (0..<12).map { index in
      let (times, hit) = calls(index)
      var record = ProcessRecord()
      let slots = times.enumerated().map { instance, time in
        let time = time + (instance == hit ? 1e7 : 0)
        return slot(instance, time, lost: hit == nil ? 0 : 1e7 / Double(times.count))
      }
      let kinds: [Disturbance] = hit == nil ? [.shared] : [.shared, .stolen]
      record.blocks = [
        ProcessRecord.Block(
          slots: slots, disturbances: kinds.map(\.rawValue), additionsPerCycle: [3])
      ]
      return record
    }
    return try verdict(records)
  }

  @Test("Of long calls a tick has taken no more than itself, whether or not processes differ")
  func longCalls() throws {
    let clear = try verdict { index in
      let times = [25e6, 25e6, 1.5e6].map { $0 * (1 + 0.01 * Double((7 * index) % 5)) }
      return (times, index % 3 == 0 ? 0 : nil)
    }
    #expect(clear == .faster)
    let alike = try verdict { index in
      ([Double](repeating: index < 10 ? 25e6 : 100e6, count: 3), index < 10 ? 2 : nil)
    }
    #expect(alike == .unresolved)
  }

  @Test("Of calls of two lengths the short ones can have lost all that was stolen")
  func unequalSamples() throws {
    let records = (0..<7).map { index in
      var record = ProcessRecord()
      record.blocks = (0..<10).map { block in
        let time = (block < 5 ? 1e7 : 2e8) * (1 + 0.001 * Double((3 * index + block) % 7))
        let slots = (0..<3).map { instance in
          let taken = block < 5 && instance == 2 ? time : 0
          return slot(instance, time + taken, lost: block < 5 ? time / 3 : 0)
        }
        return ProcessRecord.Block(
          slots: slots, disturbances: [Disturbance.stolen.rawValue], additionsPerCycle: [5])
      }
      return record
    }
    #expect(try verdict(records) == .unresolved)
  }

  @Test("What a bill can grow by has a bound, what succeeds in time has none")
  func metrics() throws {
    var random = SeededGenerator(seed: 3, stream: 0)
    let record = process(ratio: 0.1, planted: .sibling, &random)
    let records = [ProcessRecord](repeating: record, count: 7)
    func low(_ metric: Metric) throws -> Double {
      try #require(PointAnalysis(records, metric: metric.record).interval(of: 2)).low
    }
    #expect(try low(.dollars("cost")) > 1)
    #expect(try low(.share("kept", lowerIsBetter: false)) < -100)
  }

  @Test("Blocks on a shared core alone count before those with a loss that has no bound")
  func sharedBeforeMigrated() throws {
    var random = SeededGenerator(seed: 3, stream: 0)
    let record = process(ratio: 0.1, planted: .sibling, &random)
    var mixed = record
    mixed.blocks[0] = ProcessRecord.Block(
      slots: record.blocks[0].slots, disturbances: [Disturbance.migrated.rawValue],
      additionsPerCycle: [5])
    for planted in [record, mixed] {
      let analysis = PointAnalysis(
        [ProcessRecord](repeating: planted, count: 7), metric: .time)
      let interval = try #require(analysis.interval(of: 2))
      #expect(interval.low > 0 && interval.high < 100)
    }
  }

  @Test("A sample that moved to another processor has no bound")
  func migrated() throws {
    var random = SeededGenerator(seed: 1, stream: 0)
    var record = process(ratio: 0.01, planted: .steal, &random)
    record.blocks = record.blocks.map {
      ProcessRecord.Block(
        slots: $0.slots, disturbances: [Disturbance.migrated.rawValue], additionsPerCycle: [5])
    }
    let analysis = PointAnalysis([ProcessRecord](repeating: record, count: 7), metric: .time)
    let interval = try #require(analysis.interval(of: 2))
    #expect(interval.low < -100 && interval.high > 100)
  }
}
