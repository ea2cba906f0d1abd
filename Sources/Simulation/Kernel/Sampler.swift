import Glibc
import Statistics

/// A distribution ready to be drawn from: plain numbers and borrowed tables, so that copying one
/// counts no references.
struct Sampler {
  enum Kind: UInt8 {
    case exactly, exponential, uniform, lognormal, pareto, weibull, gamma, twoPhases, quantiles
    case samples, mixture
  }

  var kind = Kind.exactly
  /// By kind: value; mean; ends; logarithm's mean and deviation; scale and shape; probability of the
  /// first phase and the phases' means.
  var a = 0.0
  var b = 0.0
  var c = 0.0
  /// Cumulative shares or values, and values.
  var shares: UnsafePointer<Double>?
  var values: UnsafePointer<Double>?
  /// Of a mixture.
  var parts: UnsafePointer<Sampler>?
  var count = 0

  @inline(__always)
  func draw(_ generator: inout SeededGenerator, _ layers: UnsafePointer<Layer>) -> Double {
    if kind == .exponential { return a * generator.exponential(layers) }
    return drawOther(&generator, layers)
  }

  @inline(never)
  private func drawOther(
    _ generator: inout SeededGenerator, _ layers: UnsafePointer<Layer>
  ) -> Double {
    switch kind {
    case .exactly: return a
    case .exponential: return a * generator.exponential(layers)
    case .uniform: return a + (b - a) * generator.uniform()
    case .lognormal: return exp(a + b * generator.normal())
    case .pareto: return a * exp(generator.exponential(layers) / b)
    case .weibull: return a * pow(generator.exponential(layers), 1 / b)
    case .gamma: return a * generator.gamma(shape: b)
    case .twoPhases:
      let mean = generator.uniform() < a ? b : c
      return mean * generator.exponential(layers)
    case .quantiles: return interpolated(generator.uniform())
    case .samples: return values![generator.index(below: count)]
    case .mixture:
      return parts![place(of: generator.uniform())].draw(&generator, layers)
    }
  }

  /// The first place whose cumulative share exceeds a number.
  private func place(of number: Double) -> Int {
    var place = 0
    while place < count - 1, shares![place] <= number { place += 1 }
    return place
  }

  /// The quantile of a share, on a straight line between those that are known.
  private func interpolated(_ share: Double) -> Double {
    guard share > shares![0] else { return values![0] }
    var (low, high) = (0, count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if shares![middle] <= share { low = middle } else { high = middle }
    }
    let part = (share - shares![low]) / (shares![high] - shares![low])
    return values![low] + min(1, part) * (values![high] - values![low])
  }
}

/// A distribution with the stream of random numbers that it is drawn from.
struct Draw {
  var generator: SeededGenerator
  var sampler: Sampler

  @inline(__always)
  mutating func next(_ layers: UnsafePointer<Layer>) -> Double {
    sampler.draw(&generator, layers)
  }
}

extension SeededGenerator {
  /// The stream that belongs to a name: further names shift no numbers.
  ///
  /// Source: the hash is FNV-1a of 64 bits (Fowler, Noll and Vo).
  init(seed: UInt64, name: String) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    self.init(seed: seed, stream: hash)
  }
}

/// Tables that samplers borrow; they are freed with this.
final class Tables {
  private var doubles: [UnsafeMutablePointer<Double>] = []
  private var samplers: [UnsafeMutablePointer<Sampler>] = []

  func keep(_ values: [Double]) -> UnsafePointer<Double> {
    let table = UnsafeMutablePointer<Double>.allocate(capacity: max(1, values.count))
    table.initialize(from: values, count: values.count)
    doubles.append(table)
    return UnsafePointer(table)
  }

  func keep(_ values: [Sampler]) -> UnsafePointer<Sampler> {
    let table = UnsafeMutablePointer<Sampler>.allocate(capacity: max(1, values.count))
    table.initialize(from: values, count: values.count)
    samplers.append(table)
    return UnsafePointer(table)
  }

  deinit {
    for table in doubles { table.deallocate() }
    for table in samplers { table.deallocate() }
  }
}
