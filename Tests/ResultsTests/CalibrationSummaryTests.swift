import Results
import Testing

@Suite("Rates of a calibration")
struct CalibrationSummaryTests {
  /// A comparison with nothing but what is asked about.
  private func comparison(
    _ pair: CalibrationPair, _ low: Double, _ estimate: Double, _ high: Double,
    _ verdict: Verdict = .same, processes: [Double] = []
  ) -> CalibrationComparison {
    CalibrationComparison(
      kind: "l2", pair: pair, ratio: Interval(estimate: estimate, low: low, high: high),
      verdict: verdict, null: nil, processes: processes, blockNoise: 0.001, discarded: [:],
      seconds: 1.5, code: [])
  }

  @Test("a verdict on identical code is false, and so is the wrong direction")
  func falseVerdicts() {
    #expect(comparison(.same, 1.03, 1.04, 1.05, .faster).isFalse)
    #expect(comparison(.copy, 0.9, 0.91, 0.92, .slower).isFalse)
    #expect(comparison(.slower(percent: 1), 1.03, 1.04, 1.05, .faster).isFalse)
    #expect(comparison(.slower(percent: 5), 0.99, 1, 1.01, .same).isFalse)
    #expect(!comparison(.slower(percent: 1), 0.99, 1, 1.01, .same).isFalse)
    #expect(!comparison(.same, 0.9, 1, 1.1, .unresolved).isFalse)
  }

  @Test("intervals that leave 1.00 out are counted by pair")
  func misses() {
    let row = CalibrationSummary.Row([
      comparison(.same, 0.99, 1, 1.01), comparison(.same, 1.001, 1.002, 1.003),
      comparison(.copy, 0.99, 0.995, 0.999), comparison(.copy, 0.99, 1, 1.01),
    ])
    #expect(row.same.misses == CalibrationSummary.Rate(hits: 1, trials: 2))
    #expect(row.copy.misses == CalibrationSummary.Rate(hits: 1, trials: 2))
    #expect(row.falseVerdicts == CalibrationSummary.Rate(hits: 0, trials: 4))
    #expect(row.secondsPerComparison == 1.5)
  }

  @Test("the detectable effect is the reach that nine of ten intervals have at most")
  func detectable() {
    let intervals = (1...10).map { comparison(.same, 0.99, 1, 1 + Double($0) / 1000) }
    let row = CalibrationSummary.Row(intervals)
    #expect(abs((row.same.detectable ?? 0) - 0.009) < 1e-9)
  }

  @Test("an effect counts as found only below 1, and the smallest needs all larger ones")
  func planted() {
    func found(_ percent: Int, _ hits: Int) -> [CalibrationComparison] {
      (0..<10).map { index in
        index < hits
          ? comparison(.slower(percent: percent), 0.97, 0.98, 0.99)
          : comparison(.slower(percent: percent), 1.001, 1.002, 1.003)
      }
    }
    let row = CalibrationSummary.Row(found(1, 10) + found(2, 8) + found(3, 9) + found(5, 10))
    #expect(row.planted.map(\.percent) == [1, 2, 3, 5])
    #expect(row.planted.map(\.found.hits) == [10, 8, 9, 10])
    #expect(row.smallestFound == 3)
    #expect(CalibrationSummary.Row(found(1, 8)).smallestFound == nil)
  }

  @Test("the spread between processes is what their blocks do not explain")
  func spread() throws {
    let calm = comparison(.same, 0.99, 1, 1.01, processes: [0, 0, 0, 0])
    #expect(try #require(CalibrationSpread([calm])).processes == 0)
    let wide = comparison(.same, 0.99, 1, 1.01, processes: [-0.01, -0.01, 0.01, 0.01])
    let copy = comparison(.copy, 0.99, 1, 1.01, processes: [0.004, 0.004])
    let spread = try #require(CalibrationSpread([wide, copy]))
    #expect(spread.processes > 0.0147 && spread.processes < 0.0149)
    #expect(spread.code == 0.004)
  }

  @Test("a series takes the place of the one with its preset and surroundings")
  func keep() {
    let run = Run(
      started: "", preset: "quick", seed: 1, version: "",
      flags: BuildFlags(optimised: true, compiler: "", instructionSet: "", features: []), cpus: [])
    let machine = Machine(
      name: "m", processor: "", architecture: "", cores: 2, threads: 2, packages: 1, numaNodes: 1,
      memoryBytes: 0, caches: [], kernel: "", system: "", hypervisor: nil)
    var calibration = Calibration(machine: machine)
    for neighbour in [CalibrationSeries.Neighbour.none, .other, .none] {
      calibration.keep(
        CalibrationSeries(run: run, neighbour: neighbour, isPinned: true, kinds: []))
    }
    #expect(calibration.series.map(\.neighbour) == [.none, .other])
  }

  @Test("two sessions agree where estimates lie inside and intervals overlap")
  func repetition() {
    func ratio(_ second: Double) -> Repetition.Ratio {
      Repetition.Ratio(
        name: "", first: Interval(estimate: 1, low: 0.99, high: 1.01),
        second: Interval(estimate: second, low: second - 0.01, high: second + 0.01))
    }
    let run = Run(
      started: "", preset: "quick", seed: 1, version: "",
      flags: BuildFlags(optimised: true, compiler: "", instructionSet: "", features: []), cpus: [])
    let found = Repetition(run: run, ratios: [ratio(1.005), ratio(0.985), ratio(1.05)])
    #expect(found.inside == CalibrationSummary.Rate(hits: 1, trials: 3))
    #expect(found.overlapping == CalibrationSummary.Rate(hits: 2, trials: 3))
    #expect(abs((found.medianDifference ?? 0) - 0.015) < 1e-9)
    #expect(Repetition(run: run, ratios: []).medianDifference == nil)
  }

  @Test("pairs are written as they are read", arguments: ["same", "copy", "slower-5"])
  func pairs(text: String) {
    #expect(CalibrationPair(rawValue: text)?.rawValue == text)
  }

  @Test("what names no pair is refused", arguments: ["", "slower", "slower-0", "faster-5"])
  func notPairs(text: String) {
    #expect(CalibrationPair(rawValue: text) == nil)
  }
}
