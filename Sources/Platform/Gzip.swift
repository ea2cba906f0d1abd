import CPerflab

/// Why bytes can't be packed or unpacked.
public enum GzipError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Memory is short.
  case outOfMemory
  /// Not gzip, or a checksum that does not hold; understood up to `offset`.
  case damaged(offset: Int)
  /// Ends in the middle of a member, after `byteCount` bytes.
  case truncated(byteCount: Int)
  /// Would be more than `limit` bytes when unpacked.
  case tooLarge(limit: Int)

  /// One line.
  public var description: String {
    switch self {
    case .outOfMemory: "not enough memory to compress or decompress"
    case .damaged(let offset): "not gzip data, or damaged near byte \(offset)"
    case .truncated(let byteCount): "the gzip data are truncated after \(byteCount) bytes"
    case .tooLarge(let limit): "the gzip data decompress to more than \(limit) bytes"
    }
  }
}

/// The gzip format of RFC 1952, by zlib. The header carries no time and no name, so that the same
/// bytes pack to the same bytes with the same zlib.
public enum Gzip {
  /// Packs; also nothing at all.
  public static func compress(_ bytes: [UInt8]) throws(GzipError) -> [UInt8] {
    var output: UnsafeMutablePointer<UInt8>?
    var count = 0
    let status = perflab_gzip(bytes, bytes.count, &output, &count)
    return try take(output, count, status, consumed: 0, of: bytes, limit: .max)
  }

  /// Unpacks one or more members.
  /// - Parameter limit: the most bytes that are given back; a small file can hold a huge one.
  public static func decompress(
    _ bytes: [UInt8], limit: Int = 1 << 30
  ) throws(GzipError) -> [UInt8] {
    var output: UnsafeMutablePointer<UInt8>?
    var count = 0
    var consumed = 0
    let status = perflab_gunzip(bytes, bytes.count, max(0, limit), &output, &count, &consumed)
    return try take(output, count, status, consumed: consumed, of: bytes, limit: limit)
  }

  private static func take(
    _ output: UnsafeMutablePointer<UInt8>?, _ count: Int, _ status: perflab_gzip_status,
    consumed: Int, of input: [UInt8], limit: Int
  ) throws(GzipError) -> [UInt8] {
    // SAFETY: the shim gives a block of `count` bytes that is ours to free.
    defer { perflab_gzip_free(output) }
    switch status {
    case PERFLAB_GZIP_OK: return Array(UnsafeBufferPointer(start: output, count: count))
    case PERFLAB_GZIP_DAMAGED: throw .damaged(offset: consumed)
    case PERFLAB_GZIP_TRUNCATED: throw .truncated(byteCount: input.count)
    case PERFLAB_GZIP_TOO_LARGE: throw .tooLarge(limit: limit)
    default: throw .outOfMemory
    }
  }
}
