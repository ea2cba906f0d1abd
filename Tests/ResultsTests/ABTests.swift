import Statistics
import Testing

@testable import Results

/// Verdicts of two measurements in turns, on drawn process medians. Seeds are fixed.
@Suite struct ABTests {
  /// A row of drawn processes: each side's layout strays by 0.3% from process to process.
  private func row(
    _ place: Int, effect: Double, processes: Int, _ generator: inout SeededGenerator
  ) -> ABRow {
    var ratios: [[Double]] = []
    var nulls: [[Double]] = []
    for _ in 0..<processes {
      let layouts = (0..<3).map { _ in 0.003 * generator.normal() }
      ratios.append([layouts[0] - layouts[2] - effect])
      nulls.append([layouts[0] - layouts[1]])
    }
    let ratio = PairedComparison(blocks: ratios)!.interval
    let null = PairedComparison(blocks: nulls)!.interval
    return ABRow(
      experiment: "memory/x", variant: "v\(place)", parameter: nil, axis: "", metric: .time,
      before: Interval(estimate: 1, low: 1, high: 1), after: Interval(estimate: 1, low: 1, high: 1),
      ratio: Interval(ratio.ratio), null: Interval(null.ratio), processes: processes, blocks: 9,
      discarded: [:], stop: .precise, isDisturbed: false,
      first: Verdict(JudgementRule().judge(ratio, null: null)), counts: [])
  }

  /// One comparison of forty rows, the first one slower by an effect.
  private func comparison(
    effect: Double, _ generator: inout SeededGenerator, confirms: Bool = true
  ) -> ABComparison {
    var comparison = empty
    func rows(_ places: [Int]) -> [ABRow] {
      places.map { row($0, effect: $0 == 0 ? effect : 0, processes: 15, &generator) }
    }
    comparison.rows = rows(Array(0..<40))
    comparison.correct()
    if confirms {
      let places = comparison.suspects.map { Int($0.variant.dropFirst())! }
      comparison.confirm(rows(places))
    }
    return comparison
  }

  private var empty: ABComparison {
    let flags = BuildFlags(optimised: true, compiler: "", instructionSet: "", features: [])
    let run = Run(started: "", preset: "quick", seed: 1, version: "", flags: flags, cpus: [])
    let machine = Machine(
      name: "", processor: "", architecture: "", cores: 1, threads: 1, packages: 1, numaNodes: 1,
      memoryBytes: 0, caches: [], kernel: "", system: "", hypervisor: nil)
    return ABComparison(
      kind: .builds, run: run, machine: machine, conditions: [],
      sides: [.init(name: "a"), .init(name: "b")])
  }

  @Test func aHundredComparisonsOfARevisionWithItselfGiveNoAlarm() {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<100 {
      let found = comparison(effect: 0, &generator)
      #expect(found.count(.slower) == 0 && found.count(.faster) == 0)
      #expect(found.slower(by: 0.02).isEmpty)
    }
  }

  @Test func threePercentAreFoundNinetyFiveTimesOfAHundred() {
    var generator = SeededGenerator(seed: 5)
    var (found, wrong) = (0, 0)
    for _ in 0..<100 {
      let comparison = comparison(effect: naturalLogarithm(1.03), &generator)
      found += comparison.rows[0].verdict == .slower ? 1 : 0
      wrong += comparison.rows.dropFirst().count { $0.verdict == .slower || $0.verdict == .faster }
    }
    #expect(found >= 95, "\(found)")
    #expect(wrong == 0)
  }

  /// What a second measurement is worth: chances that the first one had do not repeat.
  @Test func whatIsNotFoundAgainIsNoDifference() {
    var generator = SeededGenerator(seed: 6)
    var comparison = empty
    comparison.rows = [row(0, effect: 0.05, processes: 15, &generator)]
    #expect(comparison.rows[0].verdict == .slower)
    comparison.confirm([row(0, effect: 0, processes: 15, &generator)])
    #expect(comparison.rows[0].first == .slower && comparison.rows[0].verdict == .unresolved)
    #expect(comparison.slower(by: 0.02).isEmpty)
    // One that could not be measured again is not refuted.
    comparison.rows[0].second = nil
    comparison.confirm([])
    #expect(comparison.rows[0].verdict == .slower)
    #expect(comparison.slower(by: 0.02).count == 1)
    #expect(comparison.slower(by: 0.08).isEmpty)
  }

  @Test func intervalsForAllRowsAreWiderThanForOne() throws {
    var generator = SeededGenerator(seed: 7)
    let found = comparison(effect: 0, &generator, confirms: false)
    for row in found.rows {
      let wide = try #require(row.simultaneous)
      #expect(wide.low < row.ratio.low && wide.high > row.ratio.high)
      #expect(wide.low < 1 && wide.high > 1)
    }
  }
}
