import Glibc
import Statistics

/// Random numbers for a simulation of one's own, from a seed and a name: another use of randomness
/// has another name and shifts no numbers, so that variants of one seed get the same input.
public struct RandomStream {
  private var generator: SeededGenerator

  /// - Parameter name: what the numbers are for.
  public init(seed: UInt64, _ name: String) { generator = SeededGenerator(seed: seed, name: name) }

  /// Uniform in 0 ..< 1.
  public mutating func uniform() -> Double { generator.uniform() }

  /// Uniform in 0 ..< `count`.
  public mutating func index(below count: Int) -> Int { generator.index(below: count) }

  /// True with a probability.
  public mutating func happens(with probability: Double) -> Bool {
    generator.uniform() < probability
  }

  /// Exponential, in the unit of the mean.
  public mutating func exponential(mean: Double) -> Double { -mean * log(1 - generator.uniform()) }

  /// Normal with mean 0 and variance 1.
  public mutating func normal() -> Double { generator.normal() }

  /// How many events a Poisson process has where it has `mean` on average; above 500 the normal
  /// approximation, rounded.
  ///
  /// Source: Knuth, *The Art of Computer Programming* vol. 2, section 3.4.1.
  public mutating func poisson(mean: Double) -> Int {
    if mean > 500 { return max(0, Int((mean + mean.squareRoot() * normal()).rounded())) }
    let limit = exp(-mean)
    var (count, product) = (0, generator.uniform())
    while product > limit {
      count += 1
      product *= generator.uniform()
    }
    return count
  }
}

/// Durations of a distribution, one after the other.
public final class DurationStream {
  private let tables = Tables()
  private let ziggurat = Ziggurat()
  private var draw: Draw

  /// - Parameters:
  ///   - duration: the distribution.
  ///   - name: what the numbers are for, as in `RandomStream`.
  public init(_ duration: RandomDuration, seed: UInt64, _ name: String) {
    draw = Draw(
      generator: SeededGenerator(seed: seed, name: name), sampler: duration.sampler(tables))
  }

  /// The next one, in seconds.
  public func next() -> Double { draw.next(UnsafePointer(ziggurat.layers)) }
}

/// Keys by popularity, one after the other.
public final class KeyStream {
  private let sampler: KeySampler
  private var generator: SeededGenerator

  /// - Parameters:
  ///   - keys: how popular they are.
  ///   - name: what the numbers are for, as in `RandomStream`.
  public init(_ keys: Keys, seed: UInt64, _ name: String) {
    sampler = KeySampler(keys.weights ?? [1])
    generator = SeededGenerator(seed: seed, name: name)
  }

  /// The next one's number.
  public func next() -> Int { Int(sampler.draw(&generator)) }
}
