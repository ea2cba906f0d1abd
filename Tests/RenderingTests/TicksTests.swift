import Testing

@testable import Rendering

@Suite struct TicksTests {
  @Test("Ticks on a log axis are round, at least two and not too many, over any range")
  func logarithmic() {
    for low in [1e-9, 0.03, 0.97, 1, 7, 12_345] {
      for ratio in [1.02, 1.2, 1.6, 3, 9, 40, 1e3, 1e6, 1e15] {
        let ticks = Ticks.logarithmic(low: low, high: low * ratio, limit: 7)
        #expect(ticks.count >= 2 && ticks.count <= 8, "\(low) × \(ratio): \(ticks)")
        #expect(ticks == ticks.sorted())
        for tick in ticks {
          #expect(tick >= low * 0.999 && tick <= low * ratio * 1.001)
          #expect(Decimal(tick)?.rounded(significant: 12).digits.count ?? 9 <= 5, "\(tick)")
        }
      }
    }
  }

  @Test("Decades, halves and fifths come in this order")
  func order() {
    #expect(Ticks.logarithmic(low: 0.9, high: 1100, limit: 7) == [1, 10, 100, 1000])
    #expect(Ticks.logarithmic(low: 0.1, high: 5e6, limit: 4) == [1, 100, 1e4, 1e6])
    #expect(Ticks.logarithmic(low: 0.9, high: 12, limit: 7) == [1, 3, 10])
    #expect(Ticks.logarithmic(low: 0.9, high: 5.5, limit: 7) == [1, 2, 5])
  }

  @Test("Even steps are exact multiples")
  func linear() {
    #expect(
      Ticks.linear(low: 0, high: 0.35, limit: 7) == [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35])
    #expect(Ticks.linear(low: 0, high: 100, limit: 5) == [0, 20, 40, 60, 80, 100])
  }

  @Test("Bytes are round in their own units")
  func bytes() {
    func texts(_ low: Double, _ high: Double) -> [String] {
      let format = AxisFormat.quantity(.bytes)
      let scale = Scale(isLogarithmic: true, low: low, high: high, start: 0, end: 1)
      return format.ticks(on: scale, limit: 5).map(format.text)
    }
    #expect(texts(5_000, 900_000) == ["16 KiB", "64 KiB", "256 KiB"])
    #expect(texts(36 * 1_048_576, 59 * 1_048_576) == ["40 MiB", "45 MiB", "50 MiB", "55 MiB"])
  }

  @Test("Powers of two are thinned to whole multiples of their step")
  func powers() {
    #expect(
      Ticks.powersOfTwo(low: 1024, high: 1_073_741_824, limit: 5) == [
        1024, 32_768, 1_048_576, 33_554_432, 1_073_741_824,
      ])
    #expect(Ticks.powersOfTwo(low: 3, high: 3, limit: 5).isEmpty)
  }

  @Test("A scale takes in all its values, whatever they are")
  func scales() {
    let one = Scale.fitting([5], from: 0, to: 100)
    #expect(abs(one.position(5) - 50) < 0.1)
    let none = Scale.fitting([], from: 0, to: 100)
    #expect(none.position(1) > 0)
    let zero = Scale.fitting([0, 10], from: 0, to: 100)
    #expect(!zero.isLogarithmic && zero.position(0) == 0)
    let wild = Scale.fitting([1e-30, 1e30, .nan, .infinity], from: 0, to: 100)
    #expect(wild.position(1e30) <= 100 && wild.position(1e-30) >= 0)
    #expect(abs(wild.position(1) - 50) < 0.1)
  }
}
