import CPerflab

/// Bytes as questions of 64 at a time: where is this byte, and where are we inside quotes?
///
/// One vector comparison answers for 64 bytes with one bit each; the rest is arithmetic on 64-bit
/// words. Source: G. Langdale and D. Lemire, "Parsing Gigabytes of JSON per Second", VLDB J. 28
/// (2019), sections 3.1.1 and 3.1.2.
public enum ByteMasks {
  /// Bit i says whether byte i of 64 equals `wanted`.
  /// - Parameter block: 64 readable bytes.
  @inlinable @inline(__always)
  public static func equal(_ block: UnsafePointer<UInt8>, to wanted: UInt8) -> UInt64 {
    // SAFETY: the caller's block has 64 bytes.
    perflab_equal64(block, wanted)
  }

  /// Bit i is the parity of the bits 0…i: with quotes as bits, whether byte i is inside quotes
  /// (the opening quote counts as inside, the closing one as outside).
  @inlinable @inline(__always)
  public static func prefixParity(_ bits: UInt64) -> UInt64 {
    perflab_prefix_parity(bits)
  }

  /// How often `wanted` occurs.
  /// - Complexity: O(n), 64 bytes a step.
  public static func count(_ wanted: UInt8, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var count = 0
    forEachBlock(of: bytes) { block, valid in
      count &+= (equal(block, to: wanted) & valid).nonzeroBitCount
      return true
    }
    return count
  }

  /// The first place of `wanted`, or nil.
  /// - Complexity: O(n), 256 bytes a step.
  public static func firstIndex(of wanted: UInt8, in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    guard bytes.count >= 64 else {
      var found: Int?
      forEachBlock(of: bytes) { block, valid in
        let bits = equal(block, to: wanted) & valid
        if bits != 0 { found = bits.trailingZeroBitCount }
        return true
      }
      return found
    }
    // SAFETY: all blocks lie within the bytes.
    var start = 0
    if bytes.count >= 320 {
      let first = equal(base, to: wanted)
      if first != 0 { return first.trailingZeroBitCount }
      // From the next line on, so that no vector spans two of them.
      start = 64 &- (Int(bitPattern: base) & 63)
      while start &+ 256 <= bytes.count, perflab_any_equal256(base + start, wanted) == 0 {
        start &+= 256
      }
    }
    while start < bytes.count {
      // The last block overlaps the one before it, where nothing was found.
      let block = min(start, bytes.count &- 64)
      let bits = equal(base + block, to: wanted)
      if bits != 0 { return block &+ bits.trailingZeroBitCount }
      start &+= 64
    }
    return nil
  }

  /// Calls `body` with each 64 bytes and with the bits that belong to them, until it says false.
  /// The last, shorter block is a copy padded with zeros.
  @inlinable @inline(__always)
  public static func forEachBlock(
    of bytes: UnsafeBufferPointer<UInt8>,
    _ body: (_ block: UnsafePointer<UInt8>, _ valid: UInt64) -> Bool
  ) {
    guard let base = bytes.baseAddress else { return }
    let whole = bytes.count & ~63
    var start = 0
    while start < whole {
      if !body(base + start, .max) { return }
      start &+= 64
    }
    guard whole < bytes.count else { return }
    let rest = bytes.count &- whole
    withUnsafeTemporaryAllocation(byteCount: 64, alignment: 64) { copy in
      // SAFETY: 64 bytes, of which `rest` are copied and the others zero.
      copy.initializeMemory(as: UInt8.self, repeating: 0)
      copy.baseAddress!.copyMemory(from: base + whole, byteCount: rest)
      _ = body(
        copy.baseAddress!.assumingMemoryBound(to: UInt8.self), ~(UInt64.max &<< UInt64(rest)))
    }
  }
}
