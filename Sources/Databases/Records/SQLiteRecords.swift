/// Records in a table of SQLite.
public final class SQLiteRecords: RecordStore {
  private let database: SQLiteDatabase
  private let files: ObservedFiles?
  private let insertion, look: SQLiteStatement
  private let body = UnsafeMutableRawBufferPointer.allocate(
    byteCount: RecordBody.byteCount, alignment: 8)

  /// Opens the table, and makes it where it does not exist.
  public init(
    _ path: String, _ settings: SQLiteSettings, files: ObservedFiles? = nil
  ) throws(SQLiteError) {
    self.files = files
    database = try SQLiteDatabase(.file(path), settings, files: files)
    try database.execute(
      "CREATE TABLE IF NOT EXISTS records(id INTEGER PRIMARY KEY, body BLOB NOT NULL)")
    insertion = try database.prepare("INSERT INTO records VALUES (?, ?)")
    look = try database.prepare("SELECT body FROM records WHERE id = ?")
  }

  deinit { body.deallocate() }

  /// See `RecordStore`: one transaction.
  public func append(_ records: Range<Int>) throws {
    try database.transaction {
      for record in records {
        RecordBody.fill(body, record: record)
        try insertion.bind(record, at: 1)
        try insertion.bind(bytes: UnsafeRawBufferPointer(body), at: 2)
        try insertion.run()
      }
    }
  }

  /// What was done with its files; nothing where nobody observes them.
  public var counts: FileCounts { files?.counts ?? FileCounts() }

  /// Copies the pages of the write-ahead log into the file, and waits for the device as `synchronous`
  /// says.
  public func checkpoint() throws { try database.execute("PRAGMA wal_checkpoint(PASSIVE)") }

  /// See `RecordStore`.
  public func holds(_ record: Int) throws -> Bool {
    try look.bind(record, at: 1)
    defer { look.reset() }
    return try look.step() && look.withBlob(of: 0) { RecordBody.matches($0, record: record) }
  }

  /// See `RecordStore`. All pages are checked first.
  public func missing(of acknowledged: Int) throws -> Int {
    try database.checkIntegrity()
    let rows = try database.prepare("SELECT id, body FROM records WHERE id < ?")
    try rows.bind(acknowledged, at: 1)
    var found = 0
    while try rows.step() {
      let record = rows.integer(0)
      if rows.withBlob(of: 1, { RecordBody.matches($0, record: record) }) { found += 1 }
    }
    return acknowledged - found
  }
}
