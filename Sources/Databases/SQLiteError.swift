import CSQLite

/// A call of SQLite that failed.
public struct SQLiteError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What was being done: `open orders.db`, or the SQL.
  public let doing: String
  /// The extended result code: `SQLITE_IOERR_READ`.
  public let code: Int32
  /// SQLite's own words.
  public let message: String

  /// The primary result code: `SQLITE_FULL`, `SQLITE_CONSTRAINT`.
  public var primaryCode: Int32 { code & 0xff }

  /// Whether there was no room: a full disk, or `PRAGMA max_page_count`.
  public var isFull: Bool { primaryCode == SQLITE_FULL }

  /// `database or disk is full (SQLite 13), in: INSERT INTO …`
  public var description: String { "\(message) (SQLite \(code)), in: \(doing)" }

  init(_ doing: String, code: Int32, message: String) {
    self.doing = doing
    self.code = code
    self.message = message
  }

  /// The last error of a connection, which may be nil where opening it failed.
  init(_ doing: String, code: Int32, of connection: OpaquePointer?) {
    let words = connection.map { sqlite3_errmsg($0) } ?? sqlite3_errstr(code)
    self.init(
      doing, code: connection.map { sqlite3_extended_errcode($0) } ?? code,
      message: words.map { String(cString: $0) } ?? "error \(code)")
  }
}

/// An execution plan that is not the one that was expected.
public struct UnexpectedPlan: Error, Equatable, Sendable, CustomStringConvertible {
  /// The statement.
  public let sql: String
  /// What the author expected.
  public let expected: String
  /// What SQLite chose.
  public let found: String

  /// Both plans, and the statement.
  public var description: String {
    "SQLite \(SQLiteDatabase.version) plans [\(found)] instead of [\(expected)] for: \(sql)"
  }
}
