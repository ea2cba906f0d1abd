/// Integers packed with as few bits as their range needs: each is stored as its distance from the
/// least one, or, where that takes fewer bits, from the one before it.
///
/// Source: Zukowski et al., *Super-Scalar RAM-CPU Cache Compression*, ICDE 2006 (PFOR, PFOR-DELTA),
/// here without exceptions.
struct PackedIntegers: Equatable {
  /// Whether each value counts from the one before it.
  let isDelta: Bool
  /// Of a value; 0 where all are alike.
  let width: Int
  /// What the distances count from; for deltas, the least step.
  let base: Int
  /// The first value, where they are deltas.
  let first: Int
  /// Bits from the lowest on, and eight bytes of zeros behind them, so that a word can be read at each
  /// value.
  let bits: [UInt8]

  /// The most bits that a value can have anywhere in a byte of a word of 64.
  static let widest = 56

  /// - Parameter steps: whether they may be stored as steps.
  /// - Returns: nil where the range needs more bits than that.
  init?(_ values: [Int], steps mayStep: Bool = true) {
    let plain = Self.range(values)
    let deltas = zip(values.dropFirst(), values).map { $0 &- $1 }
    let steps = Self.range(deltas)
    // Steps of values that are far apart may have wrapped around.
    let canDelta = mayStep && plain.width <= Self.widest && values.count > 1
    isDelta = canDelta && steps.width < plain.width
    (base, width) = isDelta ? steps : plain
    first = values.first ?? 0
    guard width <= Self.widest else { return nil }
    bits = Self.pack(isDelta ? [base] + deltas : values, base: base, width: width)
  }

  /// As it was stored.
  init(isDelta: Bool, width: Int, base: Int, first: Int, bits: [UInt8]) {
    self.isDelta = isDelta
    self.width = width
    self.base = base
    self.first = first
    self.bits = bits
  }

  private static func range(_ values: [Int]) -> (least: Int, width: Int) {
    let (least, most) = (values.min() ?? 0, values.max() ?? 0)
    let range = UInt64(bitPattern: Int64(most)) &- UInt64(bitPattern: Int64(least))
    return (least, 64 - range.leadingZeroBitCount)
  }

  /// Bytes of so many values.
  static func byteCount(_ count: Int, width: Int) -> Int { (count * width + 7) / 8 + 8 }

  private static func pack(_ values: [Int], base: Int, width: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: byteCount(values.count, width: width))
    bytes.withUnsafeMutableBytes { bytes in
      for (index, value) in values.enumerated() {
        let bit = index * width
        var word = bytes.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self)
        word |= UInt64(bitPattern: Int64(value &- base)) << UInt64(bit & 7)
        bytes.storeBytes(of: word, toByteOffset: bit >> 3, as: UInt64.self)
      }
    }
    return bytes
  }

  /// Writes the values of packed bits one after the other.
  /// - Parameters:
  ///   - bits: at least `byteCount` of as many values as `values` has room for.
  @inline(__always)
  static func unpack(
    _ bits: UnsafeRawBufferPointer, isDelta: Bool, width: Int, base: Int, first: Int,
    into values: UnsafeMutableBufferPointer<Int>
  ) {
    precondition(bits.count >= byteCount(values.count, width: width) && width <= widest)
    let mask = (UInt64(1) << UInt64(width)) &- 1
    var bit = 0
    for index in values.indices {
      let word = bits.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self)
      values[index] = Int(truncatingIfNeeded: (word >> UInt64(bit & 7)) & mask) &+ base
      bit &+= width
    }
    guard isDelta, !values.isEmpty else { return }
    values[0] = first
    for index in 1..<max(1, values.count) { values[index] &+= values[index - 1] }
  }
}
