/// A digest of bytes that shows whether they are the same as before. It is fast and no protection
/// against somebody who wants another content to have the same digest.
public enum ByteDigest {
  /// FNV-1a over words of eight bytes, each followed by a shift, and over the rest by byte.
  /// Source: Fowler, Noll and Vo; draft-eastlake-fnv.
  /// - Parameter start: the digest of the bytes before these, a multiple of eight; by default none.
  public static func of(
    _ bytes: UnsafeRawBufferPointer, after start: UInt64 = ofNone
  ) -> UInt64 {
    var hash = start
    let whole = bytes.count / 8 * 8
    for place in stride(from: 0, to: whole, by: 8) {
      hash = (hash ^ bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      hash = hash &* 0x100_0000_01b3
      hash ^= hash >> 29
    }
    for place in whole..<bytes.count { hash = (hash ^ UInt64(bytes[place])) &* 0x100_0000_01b3 }
    return hash
  }

  /// Of no bytes.
  public static let ofNone: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The same of an array.
  public static func of(_ bytes: [UInt8]) -> UInt64 { bytes.withUnsafeBytes { of($0) } }
}
