import Glibc
import Statistics

/// One layer of the ziggurat under e^(−x), as far as a draw needs it: 32 bytes, half a cache line.
struct Layer {
  /// The layer is this wide; a draw is a uniform part of it.
  var width: Double
  /// The part of it that lies under the curve for certain.
  var inner: Double
  /// The curve at the layer's lower and upper edge.
  var low: Double
  var high: Double
}

/// The layers that cover e^(−x), 256 of equal area.
///
/// Source: Marsaglia and Tsang, *The Ziggurat Method for Generating Random Variables*, 2000; the
/// constants for 256 layers are theirs.
struct Ziggurat: ~Copyable {
  static let tail = 7.697_117_470_131_050
  private static let area = 3.949_659_822_581_572e-3

  let layers: UnsafeMutablePointer<Layer>

  init() {
    layers = .allocate(capacity: 256)
    var edges = [Self.area / exp(-Self.tail), Self.tail]
    while edges.count < 256 {
      let last = edges[edges.count - 1]
      edges.append(-log(Self.area / last + exp(-last)))
    }
    edges.append(0)
    for layer in 0..<256 {
      (layers + layer).initialize(
        to: Layer(
          width: edges[layer], inner: edges[layer + 1] / edges[layer], low: exp(-edges[layer]),
          high: exp(-edges[layer + 1])))
    }
  }

  deinit { layers.deallocate() }
}

extension SeededGenerator {
  /// Uniform in 0 ..< 1, with 53 bits.
  @inline(__always)
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Uniform in 0 ..< `count`.
  ///
  /// Source: Lemire, *Fast Random Integer Generation in an Interval*, 2019, without the rejection,
  /// whose bias is `count` ÷ 2⁶⁴.
  @inline(__always)
  mutating func index(below count: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// Exponential with mean 1.
  @inline(__always)
  mutating func exponential(_ layers: UnsafePointer<Layer>) -> Double {
    let bits = next()
    let layer = layers[Int(bits & 255)]
    let part = Double(bits >> 11) * 0x1p-53
    if part < layer.inner { return part * layer.width }
    return exponentialOutside(layers, Int(bits & 255), part * layer.width)
  }

  /// For the one draw in a hundred that does not lie inside its layer.
  @inline(never)
  private mutating func exponentialOutside(
    _ layers: UnsafePointer<Layer>, _ index: Int, _ value: Double
  ) -> Double {
    // The exponential distribution has no memory: its tail is itself, later.
    if index == 0 { return Ziggurat.tail + exponential(layers) }
    let height = layers[index].low + uniform() * (layers[index].high - layers[index].low)
    return height < exp(-value) ? value : exponential(layers)
  }

  /// Normal with mean 0 and variance 1.
  ///
  /// Source: Marsaglia and Bray, *A Convenient Method for Generating Normal Variables*, 1964.
  mutating func normal() -> Double {
    while true {
      let (x, y) = (2 * uniform() - 1, 2 * uniform() - 1)
      let square = x * x + y * y
      if square > 0, square < 1 { return x * (-2 * log(square) / square).squareRoot() }
    }
  }

  /// Gamma with mean `shape` and scale 1.
  ///
  /// Source: Marsaglia and Tsang, *A Simple Method for Generating Gamma Variables*, 2000.
  mutating func gamma(shape: Double) -> Double {
    guard shape >= 1 else {
      let larger = gamma(shape: shape + 1)
      return larger * pow(1 - uniform(), 1 / shape)
    }
    let base = shape - 1.0 / 3
    let scale = 1 / (9 * base).squareRoot()
    while true {
      let deviate = normal()
      let root = 1 + scale * deviate
      guard root > 0 else { continue }
      let cube = root * root * root
      if log(1 - uniform()) < deviate * deviate / 2 + base * (1 - cube + log(cube)) {
        return base * cube
      }
    }
  }
}
