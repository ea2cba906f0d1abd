/// A store of numbered records, each of which can be computed from its number, so that what is left
/// of them after a crash can be checked.
public protocol RecordStore {
  /// Adds records, of which the first has the number that comes after the last one. When it returns
  /// the store has acknowledged them.
  func append(_ records: Range<Int>) throws

  /// Whether a record is there as it was written.
  func holds(_ record: Int) throws -> Bool

  /// How many of the records from 0 on are not there as they were written.
  /// - Throws: where the store is damaged.
  func missing(of acknowledged: Int) throws -> Int
}

/// The bytes of a record.
public struct RecordBody: Sendable {
  /// Of each record.
  public static let byteCount = 100

  /// Of the record with this number: 13 words of a multiplicative hash, the last one cut.
  /// - Parameter bytes: of which as many as a record has are filled.
  @inline(__always)
  public static func fill(_ bytes: UnsafeMutableRawBufferPointer, record: Int) {
    var word = UInt64(truncatingIfNeeded: record) &+ 1
    for offset in stride(from: 0, to: byteCount - 4, by: 8) {
      word = word &* 0x9e37_79b9_7f4a_7c15
      bytes.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
    }
    bytes.storeBytes(of: UInt32(truncatingIfNeeded: word), toByteOffset: 96, as: UInt32.self)
  }

  /// Whether bytes are those of the record with this number.
  public static func matches(_ bytes: UnsafeRawBufferPointer, record: Int) -> Bool {
    guard bytes.count == byteCount else { return false }
    return withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: 8) { expected in
      fill(expected, record: record)
      return expected.elementsEqual(bytes)
    }
  }
}
