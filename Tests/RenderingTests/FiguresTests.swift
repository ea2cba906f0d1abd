import Results
import Testing

@testable import Rendering

@Suite struct FiguresTests {
  @Test(
    "A number has the significant digits asked for",
    arguments: [
      (0.0488, "0.0488"), (5.4, "5.40"), (1230, "1230"), (12_345, "12300"), (0.99999, "1.00"),
      (-2.345, "-2.35"), (0, "0.00"), (1e21, "1000000000000000000000"), (9.996, "10.0"),
    ])
  func numbers(value: Double, text: String) {
    #expect(Figures.number(value) == text)
  }

  @Test("Rounding is that of the decimal digits, half away from zero")
  func rounding() {
    #expect(Figures.fixed(1.005, places: 2) == "1.01")
    #expect(Figures.fixed(0.5, places: 0) == "1")
    #expect(Figures.fixed(0.4999, places: 0) == "0")
    #expect(Figures.fixed(-0.001, places: 2) == "0.00")
    #expect(Figures.fixed(99.95, places: 1) == "100.0")
  }

  @Test("What is not a number is a dash", arguments: [Double.nan, .infinity, -.infinity])
  func notANumber(value: Double) {
    #expect(Figures.number(value) == "–")
    #expect(Figures.ratio(value) == "–")
    #expect(Figures.quantity(value, unit: .nanoseconds) == "–")
    #expect(Figures.quantity(value, unit: .bytes) == "–")
    #expect(Figures.percent(value) == "–")
    #expect(Figures.duration(seconds: value) == "–")
  }

  @Test(
    "Times get the prefix that keeps the figure short",
    arguments: [
      (1.26, "1.26 ns"), (0.0488, "0.0488 ns"), (999.4, "999 ns"), (999.6, "1.00 µs"),
      (12_345, "12.3 µs"), (5_000_000, "5.00 ms"), (2.5e9, "2.50 s"), (4.2e12, "4200 s"),
      (0, "0 ns"), (2.16e13, "6.00 h"), (1.78e15, "20.6 days"), (1.88e-17, "< 0.001 ns"),
    ])
  func times(value: Double, text: String) {
    #expect(Figures.quantity(value, unit: .nanoseconds) == text)
  }

  @Test(
    "Sizes are binary, rates decimal",
    arguments: [
      (512 * 1024, Unit.bytes, "512 KiB"), (1000, .bytes, "1000 B"), (1536, .bytes, "1.50 KiB"),
      (1_048_575, .bytes, "1.00 MiB"), (34.1e9, .bytesPerSecond, "34.1 GB/s"),
      (2.5e12, .floatOperationsPerSecond, "2.50 TFLOP/s"), (1024, .count, "1024"),
      (771.4, .count, "771"), (12_345, .count, "12.3 k"), (0, .count, "0"),
      (4, .share, "4.00 %"), (2.25, Unit(rawValue: "switches/item"), "2.25 switches/item"),
      (105, .dollarsPerMonth, "$105/month"), (1.32, .dollarsPerMonth, "$1.32/month"),
      (1051.3, .dollarsPerMonth, "$1,051/month"), (0.4, .dollarsPerMonth, "$0.40/month"),
      (13.2, .dollarsPerMonth, "$13.20/month"), (99.996, .dollarsPerMonth, "$100/month"),
      (-5, .dollarsPerMonth, "-$5.00/month"), (1_234_567, .dollarsPerMonth, "$1,234,567/month"),
      (0.072, Unit(rawValue: "$/h"), "$0.072/h"), (0, .dollarsPerMonth, "$0/month"),
      (1024, Unit(rawValue: "users"), "1,024 users"),
      (12_345, Unit(rawValue: "users"), "12,300 users"),
    ])
  func units(value: Double, unit: Unit, text: String) {
    #expect(Figures.quantity(value, unit: unit) == text)
  }

  @Test(
    "An interval is told to the digit that its width allows",
    arguments: [
      (Interval(estimate: 5.412, low: 5.2, high: 5.6), "5.4× (5.2–5.6)"),
      (Interval(estimate: 5.412, low: 5.398, high: 5.431), "5.41× (5.40–5.43)"),
      (Interval(estimate: 1.0003, low: 0.9991, high: 1.0012), "1.000× (0.999–1.001)"),
      (Interval(estimate: 1.05, low: 0.91, high: 1.19), "1.05× (0.91–1.19)"),
      (Interval(estimate: 130.2, low: 127, high: 133), "130× (127–133)"),
      (Interval(estimate: 0.5, low: 0.3, high: 0.8), "0.50× (0.30–0.80)"),
      (Interval(estimate: 2, low: 2, high: 2), "2.0×"),
    ])
  func intervals(interval: Interval, text: String) {
    #expect(Figures.ratio(interval) == text)
  }

  @Test(
    "Shares are told with a digit that says something",
    arguments: [
      (0, "0 %"), (0.000_41, "0.04 %"), (0.004, "0.4 %"), (0.0995, "10 %"), (3.4, "340 %"),
    ])
  func shares(value: Double, text: String) {
    #expect(Figures.percent(value) == text)
  }

  @Test("A spread is the wider side as a share")
  func spreads() {
    #expect(Figures.spread(Interval(estimate: 100, low: 99.6, high: 100.2)) == "±0.4 %")
    let even = Interval(estimate: 100, low: 99.6, high: 100.2)
    #expect(Figures.quantity(even, unit: .nanoseconds) == "100 ns ±0.4 %")
    let wide = Interval(estimate: 206_000, low: 193_000, high: 3_900_000)
    #expect(Figures.quantity(wide, unit: .nanoseconds) == "206 µs (193 µs–3.90 ms)")
    #expect(Figures.spread(Interval(estimate: 0, low: 0, high: 0)) == "–")
  }

  @Test(
    "Durations are told as people tell them",
    arguments: [
      (0.84, "0.8 s"), (4, "4 s"), (9.96, "10 s"), (59.4, "59 s"), (200, "3 min 20 s"),
      (7500, "2 h 05 min"),
    ])
  func durations(seconds: Double, text: String) {
    #expect(Figures.duration(seconds: seconds) == text)
  }

  @Test("Logarithms and powers are exact to the last digits that a drawing needs")
  func logarithms() {
    for exponent in -40...40 {
      let value = Double(sign: .plus, exponent: exponent, significand: 1)
      #expect(log2(value) == Double(exponent))
    }
    #expect(abs(log10(1000) - 3) < 1e-14)
    #expect(abs(log2(3) - 1.584_962_500_721_156_2) < 1e-14)
    #expect(abs(exp2(log2(7.3)) - 7.3) < 1e-13)
  }

  @Test func aPredictionFromCountsAloneHasNoInterval() {
    let exact = PredictedSpeedup(
      speedup: 5, low: 5 * (1 - 1e-15), high: 5 * (1 + 1e-15), because: "counts")
    #expect(Figures.ratio(exact) == "5.0×")
    let measured = PredictedSpeedup(speedup: 5, low: 4.2, high: 6.1, because: "a number")
    #expect(Figures.ratio(measured) == "5.0× (4.2–6.1)")
  }
}
