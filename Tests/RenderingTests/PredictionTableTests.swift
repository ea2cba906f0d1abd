import Results
import Testing

@testable import Rendering

/// What was predicted then beside what is predicted now, for the terminal.
@Suite struct PredictionTableTests {
  /// One candidate at some points: what was predicted, and what was measured.
  private func results(_ predicted: [Double?], measured: [Double] = [2, 2, 4, 4, 4]) -> Results {
    var experiment = Fixtures.dotProduct
    experiment.points = zip(predicted, measured).enumerated().map { place, pair in
      Fixtures.point(
        1 << place, "\(1 << place) KiB", base: ("scalar", 100),
        candidates: [("vector", pair.1, pair.0)])
    }
    return Fixtures.results([experiment])
  }

  private func table(
    then: [Double?], now: [Double?], missing: [String: Int] = [:], onlyRefuted: Bool = false,
    givesReasons: Bool = false
  ) -> String {
    PredictionTable.render(
      then: results(then), now: results(now), missing: missing, name: "box",
      onlyRefuted: onlyRefuted, givesReasons: givesReasons, width: 100, colour: false)
  }

  /// Held then and refuted now, the other way round, refuted then and not predicted now, held then
  /// and not predicted now, and predicted never.
  private let then: [Double?] = [2.2, 6, 8, 4.1, nil]
  private let now: [Double?] = [3, 2.1, nil, nil, nil]

  @Test("Both predictions stand beside the measurement, and what is missing is named once")
  func whole() {
    let missing = ["vector.dot.l2": 2, "conflict.load.1": 1]
    #expect(
      table(then: then, now: now, missing: missing) == """
        box
        experiment            at                         measured  then   error   now   error
        cpu/simd-dot-product  vector, 1 KiB  2.000× (1.992–2.008)  2.2×   +10 %  3.0×   +50 %
        cpu/simd-dot-product  vector, 2 KiB  2.000× (1.992–2.008)  6.0×  +200 %  2.1×  +5.0 %
        cpu/simd-dot-product  vector, 4 KiB     4.00× (3.98–4.02)  8.0×  +100 %     –
        cpu/simd-dot-product  vector, 8 KiB     4.00× (3.98–4.02)  4.1×  +2.5 %     –
        not predicted now: this machine's results have no conflict.load.1 (1 value)
        not predicted now: this machine's results have no vector.dot.l2 (2 values)
        then: Over 4 predicted values the median error is 55 %; 50 % lie within 25 %.
        now:  Over 2 predicted values the median error is 28 %; 50 % lie within 25 %.

        """)
  }

  @Test("Only what is refuted now is left, or was refuted where nothing is predicted now")
  func refuted() {
    let text = table(then: then, now: now, onlyRefuted: true)
    #expect(["1 KiB", "2 KiB", "4 KiB", "8 KiB"].map(text.contains) == [true, false, true, false])
    #expect(!text.contains("not predicted now"))
  }

  @Test("The reasoning of today's predictions follows, of the rows that are shown")
  func reasons() {
    let text = table(then: then, now: now, onlyRefuted: true, givesReasons: true)
    #expect(text.contains("vector, 1 KiB: 16 lines a cache miss ÷ 1 line = 3.0\n"))
    #expect(text.split(separator: "\n").count { $0.contains("cache miss") } == 1)
  }

  @Test("What is predicted on neither side has no row")
  func unpredicted() {
    let text = table(
      then: [nil, 2, nil, nil], now: [nil, nil, nil, 4], missing: ["latency.l1": 3])
    #expect(["1 KiB", "2 KiB", "4 KiB", "8 KiB"].map(text.contains) == [false, true, false, true])
    #expect(text.contains("this machine's results have no latency.l1 (3 values)"))
  }
}
