/// Durations by logarithmic buckets, 256 to a factor of two: a quantile is exact to 0.4%.
struct Histogram: ~Copyable {
  /// From 2⁻⁴⁰ to 2²⁴ seconds: a picosecond to half a year.
  private static let lowest = -40
  private static let octaves = 64
  private static let size = octaves * 256

  private let counts: UnsafeMutablePointer<Int>
  private(set) var count = 0
  private(set) var sum = 0.0
  private(set) var highest = 0.0

  init() {
    counts = .allocate(capacity: Self.size)
    counts.initialize(repeating: 0, count: Self.size)
  }

  deinit { counts.deallocate() }

  @inline(__always)
  mutating func record(_ value: Double) {
    // The exponent and the first eight bits of the significand, side by side in the bits of a Double.
    let shifted = Int(truncatingIfNeeded: value.bitPattern >> 44)
    let index = shifted &- (1023 &+ Self.lowest) << 8
    counts[max(0, min(index, Self.size &- 1))] &+= 1
    count &+= 1
    sum += value
    if value > highest { highest = value }
  }

  mutating func clear() {
    counts.update(repeating: 0, count: Self.size)
    (count, sum, highest) = (0, 0, 0)
  }

  /// The buckets that hold any, by their middle, ascending.
  func buckets() -> [(value: Double, count: Int)] {
    (0..<Self.size).compactMap { index in
      guard counts[index] > 0 else { return nil }
      let low = Double(bitPattern: UInt64(index + (1023 + Self.lowest) << 8) << 44)
      let high = Double(bitPattern: UInt64(index + 1 + (1023 + Self.lowest) << 8) << 44)
      return ((low + high) / 2, counts[index])
    }
  }
}
