/// A record of 256 bytes: its key, its version, contents that follow from both, and a checksum, so
/// that one that is torn or misplaced is not taken for one that was written.
public struct StoredRecord: Equatable, Hashable, Sendable {
  /// Of a record in a file.
  public static let bytes = 256
  private static let words = bytes / 8

  /// Which record it is, from 0.
  public let key: Int
  /// Higher is newer.
  public let version: Int

  /// A record with its contents.
  public init(key: Int, version: Int) {
    self.key = key
    self.version = version
  }

  /// Writes it into 256 bytes.
  public func encode(into bytes: UnsafeMutableRawBufferPointer) {
    var sum = UInt64(key + 1) &* Self.factor
    store(UInt64(key), at: 0, of: bytes, &sum)
    store(UInt64(version), at: 1, of: bytes, &sum)
    for index in 2..<Self.words - 1 {
      store(UInt64(key &+ version &+ index) &* Self.factor, at: index, of: bytes, &sum)
    }
    bytes.storeBytes(of: sum, toByteOffset: 8 * (Self.words - 1), as: UInt64.self)
  }

  /// Reads one from 256 bytes; nil where they are none, or not all of one.
  public init?(_ bytes: UnsafeRawBufferPointer) {
    func word(_ index: Int) -> UInt64 {
      bytes.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self)
    }
    guard let key = Int(exactly: word(0)), let version = Int(exactly: word(1)), key < 1 << 48
    else { return nil }
    var sum = UInt64(key + 1) &* Self.factor
    for index in 0..<Self.words - 1 { sum = Self.mixed(sum, word(index)) }
    guard sum == word(Self.words - 1) else { return nil }
    self.init(key: key, version: version)
  }

  private static let factor: UInt64 = 0x9e37_79b9_7f4a_7c15

  private static func mixed(_ sum: UInt64, _ word: UInt64) -> UInt64 {
    ((sum ^ word) &* factor) ^ (sum >> 29)
  }

  private func store(
    _ word: UInt64, at index: Int, of bytes: UnsafeMutableRawBufferPointer, _ sum: inout UInt64
  ) {
    bytes.storeBytes(of: word, toByteOffset: 8 * index, as: UInt64.self)
    sum = Self.mixed(sum, word)
  }
}

/// Keeps the newest version of each record in a file.
public protocol RecordStore: AnyObject {
  /// Makes a batch of new versions durable, all together.
  /// - Parameter keys: of the records, none twice; each gets the version after its last.
  func update(_ keys: [Int]) throws(DiskError)
  /// The newest version of a record, from the file.
  func record(_ key: Int) throws(DiskError) -> StoredRecord?
  /// Bytes that were written for the records so far, by the store's own account.
  var writtenBytes: Int { get }
}

/// Each record has its place; a new version overwrites the last.
public final class RecordTable: RecordStore {
  private let file: DiskFile
  private var versions: [Int]
  private let buffer = AlignedMemory(StoredRecord.bytes)
  /// Bytes that were handed to the kernel.
  public private(set) var writtenBytes = 0

  /// Makes the file with version 0 of every record.
  public init(_ path: String, records: Int) throws(DiskError) {
    file = try DiskFile(path, .cached, creating: true)
    versions = Array(repeating: 0, count: records)
    try file.reserve(records * StoredRecord.bytes)
    let all = AlignedMemory(records * StoredRecord.bytes)
    for key in 0..<records {
      StoredRecord(key: key, version: 0).encode(
        into: all[from: key * StoredRecord.bytes, count: StoredRecord.bytes])
    }
    try file.write(UnsafeRawBufferPointer(all.bytes), at: 0)
    try file.flushAll()
  }

  /// Writes the next version of these records and flushes.
  public func update(_ keys: [Int]) throws(DiskError) {
    for key in keys {
      versions[key] += 1
      StoredRecord(key: key, version: versions[key]).encode(into: buffer.bytes)
      try file.write(UnsafeRawBufferPointer(buffer.bytes), at: key * StoredRecord.bytes)
    }
    writtenBytes += keys.count * StoredRecord.bytes
    try file.flush()
  }

  /// What is stored under a key.
  public func record(_ key: Int) throws(DiskError) -> StoredRecord? {
    try file.read(buffer.bytes, at: key * StoredRecord.bytes)
    return StoredRecord(UnsafeRawBufferPointer(buffer.bytes))
  }
}
