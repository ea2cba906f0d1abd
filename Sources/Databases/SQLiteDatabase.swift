import CSQLite
import CSQLiteFiles

/// A connection to a database of SQLite, closed with its last reference. For one thread at a time.
public final class SQLiteDatabase {
  /// Of the library that is loaded: `3.40.1`.
  public static var version: String { String(cString: sqlite3_libversion()) }

  let connection: OpaquePointer
  /// What it reads and writes through; nil for SQLite's own.
  private let files: ObservedFiles?
  /// Nil where a lock of another connection is an error at once.
  let waits: LockWaits?

  /// Where a database is.
  public enum Place: Sendable, Equatable {
    /// In a file, which is made where it does not exist.
    case file(String)
    /// In memory, gone with the connection.
    case memory
  }

  /// Opens it, and makes it where it does not exist.
  /// - Parameter files: counts and logs what is done with its files; nil for nobody.
  /// - Throws: `SQLiteError` with what SQLite says.
  public init(
    _ place: Place, _ settings: SQLiteSettings = SQLiteSettings(), files: ObservedFiles? = nil
  ) throws(SQLiteError) {
    _ = Self.bearsForks
    let path = if case .file(let path) = place { path } else { ":memory:" }
    self.files = files
    waits = settings.patience > 0 ? LockWaits(seconds: settings.patience) : nil
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
    let code = sqlite3_open_v2(path, &opened, flags, files?.name)
    guard code == SQLITE_OK, let opened else {
      let error = SQLiteError("open \(path)", code: code, of: opened)
      // Even a connection that failed holds memory.
      sqlite3_close_v2(opened)
      throw error
    }
    connection = opened
    sqlite3_extended_result_codes(connection, 1)
    waits?.serve(connection)
    for statement in settings.statements { try execute(statement) }
  }

  /// Copies of this process open databases while other threads of it use theirs (`ProcessCopy`).
  private static let bearsForks = perflab_sqlite_bear_forks() == 0

  // Statements that are still alive keep the connection until they end.
  deinit { sqlite3_close_v2(connection) }

  /// Runs statements without parameters, and discards their rows.
  public func execute(_ sql: String) throws(SQLiteError) {
    let code = sqlite3_exec(connection, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw SQLiteError(sql, code: code, of: connection) }
  }

  /// A statement, parsed and planned.
  public func prepare(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
    try SQLiteStatement(sql, on: self)
  }

  /// The first column of the first row; nil where there is none.
  public func integer(_ sql: String) throws(SQLiteError) -> Int? {
    let statement = try prepare(sql)
    return try statement.step() ? statement.integer(0) : nil
  }

  /// Rows that the last INSERT, UPDATE or DELETE changed.
  public var changes: Int { Int(sqlite3_changes(connection)) }

  /// The rowid of the last row that was inserted.
  public var lastRow: Int { Int(sqlite3_last_insert_rowid(connection)) }

  /// Runs `body` in a transaction, which is rolled back where it throws.
  public func transaction<Answer>(_ body: () throws -> Answer) throws -> Answer {
    try execute("BEGIN")
    do {
      let answer = try body()
      try execute("COMMIT")
      return answer
    } catch {
      // Some errors have rolled it back already; then this fails, and says nothing new.
      try? execute("ROLLBACK")
      throw error
    }
  }

  /// Writes the write-ahead log once to the length at which a commit makes a checkpoint, so that it is
  /// overwritten from its beginning from then on. A log that still grows takes new blocks, which each
  /// flush has to record.
  public func lengthenLog() throws(SQLiteError) {
    let pages = try integer("PRAGMA wal_autocheckpoint") ?? 0
    let bytes = pages * (try integer("PRAGMA page_size") ?? 0)
    try execute("CREATE TABLE filler(body); INSERT INTO filler VALUES (zeroblob(\(bytes)))")
    try execute("DROP TABLE filler")
  }

  /// Copies all of another database into this one, page by page, in place of what it holds.
  public func copyAll(of other: SQLiteDatabase) throws(SQLiteError) {
    let copy = sqlite3_backup_init(connection, "main", other.connection, "main")
    sqlite3_backup_step(copy, -1)
    let code = sqlite3_backup_finish(copy)
    guard copy != nil, code == SQLITE_OK else {
      throw SQLiteError("copy a database", code: code, of: connection)
    }
  }

  /// The steps of the execution plan, from the first, joined by `; `:
  /// `SEARCH orders USING INDEX orders_customer (customer=?)`.
  public func plan(of sql: String) throws(SQLiteError) -> String {
    let statement = try prepare("EXPLAIN QUERY PLAN \(sql)")
    var steps: [String] = []
    while try statement.step() { steps.append(statement.text(3)) }
    // Versions before 3.36 said `SCAN TABLE orders`.
    return steps.joined(separator: "; ").split(separator: " ").filter { $0 != "TABLE" }
      .joined(separator: " ")
  }

  /// A statement whose execution plan is known.
  /// - Throws: `UnexpectedPlan` where SQLite chooses another, or `SQLiteError`.
  public func prepare(_ sql: String, plan expected: String) throws -> SQLiteStatement {
    let found = try plan(of: sql)
    guard found == expected else {
      throw UnexpectedPlan(sql: sql, expected: expected, found: found)
    }
    return try prepare(sql)
  }
}
