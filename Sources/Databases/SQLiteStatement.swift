import CSQLite

/// A prepared statement, finalised with its last reference. For one thread at a time.
///
///     let statement = try database.prepare("SELECT total FROM orders WHERE customer = ?")
///     try statement.bind(customer, at: 1)
///     while try statement.step() { sum += statement.integer(0) }
///     statement.reset()
public final class SQLiteStatement {
  private let handle: OpaquePointer
  private let database: SQLiteDatabase

  init(_ sql: String, on database: SQLiteDatabase) throws(SQLiteError) {
    var prepared: OpaquePointer?
    let code = sqlite3_prepare_v2(database.connection, sql, -1, &prepared, nil)
    guard code == SQLITE_OK else {
      throw SQLiteError(sql, code: code, of: database.connection)
    }
    guard let prepared else {
      throw SQLiteError(sql, code: SQLITE_MISUSE, message: "there is no statement in it")
    }
    handle = prepared
    self.database = database
  }

  deinit { sqlite3_finalize(handle) }

  /// The SQL that it was prepared from.
  public var sql: String { sqlite3_sql(handle).map { String(cString: $0) } ?? "" }

  /// Gives a parameter its value; the first is 1.
  public func bind(_ value: Int, at index: Int) throws(SQLiteError) {
    try check(sqlite3_bind_int64(handle, Int32(index), Int64(value)))
  }

  /// Gives a parameter a copy of a text; the first is 1.
  public func bind(_ text: String, at index: Int) throws(SQLiteError) {
    try check(perflab_sqlite_bind_text(handle, Int32(index), text, Int32(text.utf8.count)))
  }

  /// Gives a parameter bytes, which must stay where they are until the statement has run; the first
  /// is 1.
  public func bind(bytes: UnsafeRawBufferPointer, at index: Int) throws(SQLiteError) {
    try check(
      sqlite3_bind_blob(handle, Int32(index), bytes.baseAddress, Int32(bytes.count), nil))
  }

  /// Goes to the next row.
  /// - Returns: whether there is one.
  public func step() throws(SQLiteError) -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    if code == SQLITE_DONE { return false }
    throw SQLiteError(sql, code: code, of: database.connection)
  }

  /// Runs a statement that gives no rows, and resets it.
  public func run() throws(SQLiteError) {
    let code = sqlite3_step(handle)
    let after = sqlite3_reset(handle)
    guard code == SQLITE_DONE || code == SQLITE_ROW, after == SQLITE_OK else {
      throw SQLiteError(sql, code: after, of: database.connection)
    }
  }

  /// Ends its rows, so that it can run again; parameters keep their values. An error of the last
  /// `step` was thrown there.
  public func reset() { sqlite3_reset(handle) }

  /// A column of the row; the first is 0.
  public func integer(_ column: Int) -> Int { Int(sqlite3_column_int64(handle, Int32(column))) }

  /// A column of the row as text; empty for NULL.
  public func text(_ column: Int) -> String {
    sqlite3_column_text(handle, Int32(column)).map { String(cString: $0) } ?? ""
  }

  /// Bytes of a column of the row, which stay until the next `step`.
  public func withBytes<Answer>(
    of column: Int, _ body: (UnsafeRawBufferPointer) -> Answer
  ) -> Answer {
    // SAFETY: SQLite gives a pointer to as many bytes as it says, or nil and 0.
    let start = UnsafeRawPointer(sqlite3_column_text(handle, Int32(column)))
    let count = Int(sqlite3_column_bytes(handle, Int32(column)))
    return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
  }

  /// The same of a column of bytes that are no text.
  public func withBlob<Answer>(
    of column: Int, _ body: (UnsafeRawBufferPointer) -> Answer
  ) -> Answer {
    // SAFETY: as above.
    let start = sqlite3_column_blob(handle, Int32(column))
    let count = Int(sqlite3_column_bytes(handle, Int32(column)))
    return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
  }

  private func check(_ code: Int32) throws(SQLiteError) {
    guard code == SQLITE_OK else { throw SQLiteError(sql, code: code, of: database.connection) }
  }

  /// What SQLite counts of a statement.
  public enum Count: Int32, Sendable {
    /// Operations of its virtual machine.
    case virtualMachineSteps = 4
    /// Rows passed in scans without an index.
    case scannedRows = 1
    /// Sorts.
    case sorts = 2
    /// Rows put into indexes that SQLite made for one query.
    case automaticIndexRows = 3
  }

  /// So much since the statement was prepared, or since the last call that reset the counter.
  public func count(_ count: Count, reset: Bool = false) -> Int {
    Int(sqlite3_stmt_status(handle, count.rawValue, reset ? 1 : 0))
  }
}
