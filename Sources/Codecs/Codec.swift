import CCodecs

/// A lossless codec at one of its levels, by the system's library. A call compresses one block by
/// itself.
public enum Codec: Hashable, Sendable {
  /// LZ4 at its only level: fast, small ratio.
  case lz4
  /// DEFLATE in zlib's frame, levels 1 to 9; gzip's is a few bytes longer.
  case zlib(Int)
  /// Zstandard, levels 1 to 19.
  case zstd(Int)
  /// Brotli, qualities 0 to 11, with a window of 4 MiB.
  case brotli(Int)

  /// `zstd 3`
  public var title: String {
    switch self {
    case .lz4: "lz4"
    case .zlib(let level): "zlib \(level)"
    case .zstd(let level): "zstd \(level)"
    case .brotli(let quality): "brotli \(quality)"
    }
  }

  /// The block compressed.
  /// - Throws: `CodecError` where the library refuses, such as for a level that it does not have.
  public func compressed(_ block: [UInt8]) throws(CodecError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: bound(block.count))
    let count = compress(block, into: &output)
    guard count > 0 else { throw CodecError(codec: title, doing: "compressing") }
    output.removeLast(output.count - count)
    return output
  }

  /// A block from its compressed form.
  /// - Parameter count: of the block's bytes, which not every format carries.
  /// - Throws: `CodecError` for what is no compressed block of so many bytes.
  public func decompressed(_ block: [UInt8], count: Int) throws(CodecError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: count)
    guard decompress(block, into: &output) == count else {
      throw CodecError(codec: title, doing: "decompressing")
    }
    return output
  }

  /// Bytes that a block can come to.
  public func bound(_ count: Int) -> Int {
    switch self {
    case .lz4: Int(LZ4_compressBound(Int32(count)))
    case .zlib: Int(compressBound(uLong(count)))
    case .zstd: ZSTD_compressBound(count)
    case .brotli: BrotliEncoderMaxCompressedSize(count) + 1024
    }
  }

  /// Compresses a block into a buffer of at least `bound` bytes.
  /// - Returns: the bytes written; 0 where the library refuses.
  public func compress(_ block: [UInt8], into output: inout [UInt8]) -> Int {
    block.withUnsafeBytes { source in
      output.withUnsafeMutableBytes { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return 0 }
        return compress(from, source.count, to, target.count)
      }
    }
  }

  private func compress(
    _ from: UnsafeRawPointer, _ count: Int, _ to: UnsafeMutableRawPointer, _ room: Int
  ) -> Int {
    switch self {
    case .lz4:
      return Int(
        LZ4_compress_default(
          from.assumingMemoryBound(to: CChar.self), to.assumingMemoryBound(to: CChar.self),
          Int32(count), Int32(room)))
    case .zlib(let level):
      var written = uLongf(room)
      let code = compress2(
        to.assumingMemoryBound(to: Bytef.self), &written,
        from.assumingMemoryBound(to: Bytef.self), uLong(count), Int32(level))
      return code == Z_OK ? Int(written) : 0
    case .zstd(let level):
      let written = ZSTD_compress(to, room, from, count, Int32(level))
      return ZSTD_isError(written) == 0 ? written : 0
    case .brotli(let quality):
      var written = room
      let isDone = BrotliEncoderCompress(
        Int32(quality), 22, BROTLI_MODE_GENERIC, count,
        from.assumingMemoryBound(to: UInt8.self), &written,
        to.assumingMemoryBound(to: UInt8.self))
      return isDone == BROTLI_TRUE ? written : 0
    }
  }

  /// Decompresses a block into a buffer that it fits.
  /// - Returns: the bytes written; −1 where the block is damaged or too long.
  public func decompress(_ block: [UInt8], into output: inout [UInt8]) -> Int {
    block.withUnsafeBytes { source in
      output.withUnsafeMutableBytes { target in
        guard let from = source.baseAddress, let to = target.baseAddress else { return -1 }
        return decompress(from, source.count, to, target.count)
      }
    }
  }

  private func decompress(
    _ from: UnsafeRawPointer, _ count: Int, _ to: UnsafeMutableRawPointer, _ room: Int
  ) -> Int {
    switch self {
    case .lz4:
      return Int(
        LZ4_decompress_safe(
          from.assumingMemoryBound(to: CChar.self), to.assumingMemoryBound(to: CChar.self),
          Int32(count), Int32(room)))
    case .zlib:
      var written = uLongf(room)
      let code = uncompress(
        to.assumingMemoryBound(to: Bytef.self), &written,
        from.assumingMemoryBound(to: Bytef.self), uLong(count))
      return code == Z_OK ? Int(written) : -1
    case .zstd:
      let written = ZSTD_decompress(to, room, from, count)
      return ZSTD_isError(written) == 0 ? written : -1
    case .brotli:
      var written = room
      let result = BrotliDecoderDecompress(
        count, from.assumingMemoryBound(to: UInt8.self), &written,
        to.assumingMemoryBound(to: UInt8.self))
      return result == BROTLI_DECODER_RESULT_SUCCESS ? written : -1
    }
  }
}

/// A library that refuses.
public struct CodecError: Error, Equatable, CustomStringConvertible {
  /// `zstd 3`
  public let codec: String
  /// `compressing`
  public let doing: String

  /// `zstd 3 failed while compressing`
  public var description: String { "\(codec) failed while \(doing)" }
}
