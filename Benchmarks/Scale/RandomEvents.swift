import Glibc
import Statistics

/// Random times, from a stream of their own each, so that variants meet the same events.
struct RandomTimes {
  private var random: SeededGenerator
  /// Of all numbers so far.
  private(set) var digest: UInt64 = 0

  init(seed: UInt64, stream: UInt64) { random = SeededGenerator(seed: seed, stream: stream) }

  /// Uniform in 0 ..< 1.
  mutating func share() -> Double {
    let number = random.next() >> 11
    digest = (digest ^ number) &* 0x100_0000_01B3
    return Double(number) * 0x1p-53
  }

  /// With mean 1.
  mutating func exponential() -> Double { -log(1 - share()) }

  /// With the given median and mean, in their unit.
  mutating func lognormal(median: Double, mean: Double) -> Double {
    let deviation = (2 * log(mean / median)).squareRoot()
    // Box and Muller 1958.
    let radius = (2 * exponential()).squareRoot()
    return median * exp(deviation * radius * cos(2 * .pi * share()))
  }
}
