import CCodecs

/// A dictionary of what small records have in common, for Zstandard: a record by itself is too short
/// for a codec to find anything twice.
public final class CodecDictionary {
  private let context: OpaquePointer
  private let dictionary: OpaquePointer
  /// Of the dictionary itself, which writer and reader must both have.
  public let byteCount: Int

  /// Trains a dictionary on sample records.
  /// - Parameters:
  ///   - level: that records will be compressed at.
  ///   - capacity: bytes of the dictionary at most.
  /// - Throws: `CodecError` where the samples are too few or too short.
  public init(samples: [[UInt8]], level: Int, capacity: Int) throws(CodecError) {
    let all = samples.flatMap(\.self)
    let sizes = samples.map(\.count)
    var bytes = [UInt8](repeating: 0, count: capacity)
    let count = ZDICT_trainFromBuffer(&bytes, capacity, all, sizes, UInt32(sizes.count))
    guard ZDICT_isError(count) == 0, let made = ZSTD_createCDict(bytes, count, Int32(level)),
      let context = ZSTD_createCCtx()
    else { throw CodecError(codec: "zstd \(level)", doing: "training a dictionary") }
    byteCount = count
    dictionary = made
    self.context = context
  }

  deinit {
    ZSTD_freeCCtx(context)
    ZSTD_freeCDict(dictionary)
  }

  /// Compresses a record into a buffer of at least the codec's bound.
  /// - Returns: the bytes written; 0 where the library refuses.
  public func compress(_ record: [UInt8], into output: inout [UInt8]) -> Int {
    let written = ZSTD_compress_usingCDict(
      context, &output, output.count, record, record.count, dictionary)
    return ZSTD_isError(written) == 0 ? written : 0
  }
}
