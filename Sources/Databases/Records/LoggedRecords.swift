/// Records in a dictionary in memory, with a log of their changes beside it.
public final class LoggedRecords: RecordStore {
  /// Bytes of a record in the log: head and checksum, number, body.
  public static let entryBytes = AppendedLog.headBytes + 8 + RecordBody.byteCount

  /// The log.
  public let log: AppendedLog
  private var records: [Int: [UInt8]] = [:]
  private let entry = UnsafeMutableRawBufferPointer.allocate(
    byteCount: 8 + RecordBody.byteCount, alignment: 8)

  /// Opens the log and reads what is in it.
  public init(_ path: String, flush: AppendedLog.Flush, files: FileLog? = nil) throws {
    var found: [Int: [UInt8]] = [:]
    log = try AppendedLog(path, flush: flush, log: files) { entry in
      guard entry.count >= 8 else { return }
      found[entry.loadUnaligned(as: Int.self)] = Array(entry[8...])
    }
    records = found
  }

  deinit { entry.deallocate() }

  /// See `RecordStore`: one write of the log.
  public func append(_ numbers: Range<Int>) throws {
    let body = UnsafeMutableRawBufferPointer(rebasing: entry[8...])
    for record in numbers {
      RecordBody.fill(body, record: record)
      records[record] = Array(body)
      entry.storeBytes(of: record, as: Int.self)
      log.add(UnsafeRawBufferPointer(entry))
    }
    try log.commit()
  }

  /// See `RecordStore`.
  public func holds(_ record: Int) -> Bool {
    records[record].map { $0.withUnsafeBytes { RecordBody.matches($0, record: record) } } ?? false
  }

  /// See `RecordStore`.
  public func missing(of acknowledged: Int) -> Int { (0..<acknowledged).count { !holds($0) } }
}
