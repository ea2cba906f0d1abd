import Glibc
import Statistics

extension SeededGenerator {
  /// Uniform above 0 and at most 1.
  mutating func share() -> Double { Double((next() >> 11) + 1) / Double(1 << 53) }

  /// With mean 1.
  mutating func exponential() -> Double { -naturalLogarithm(share()) }
}

func cosine(_ angle: Double) -> Double { cos(angle) }

/// How long something takes, drawn for each request.
public enum Durations: Sendable, Equatable {
  /// Nanoseconds, always the same.
  case constant(Double)
  /// Exponential with this mean in nanoseconds.
  case exponential(mean: Double)
  /// Anything between two times in nanoseconds is as likely.
  case uniform(ClosedRange<Double>)
  /// One of so many requests takes so many nanoseconds, all others as `usual` says.
  indirect case mixed(usual: Durations, rare: Double, share: Double)

  /// Nanoseconds of the next request.
  public func draw(_ random: inout SeededGenerator) -> UInt64 {
    switch self {
    case .constant(let time): UInt64(time)
    case .exponential(let mean): UInt64(mean * random.exponential())
    case .uniform(let range):
      UInt64(range.lowerBound + (range.upperBound - range.lowerBound) * random.share())
    case .mixed(let usual, let rare, let share):
      random.share() <= share ? UInt64(rare) : usual.draw(&random)
    }
  }

  /// So many times in a row, from a stream of their own.
  public func draws(_ count: Int, seed: UInt64, stream: UInt64 = 0) -> [UInt64] {
    var random = SeededGenerator(seed: seed, stream: 0xD7A_3 &+ stream)
    return (0..<count).map { _ in draw(&random) }
  }
}
