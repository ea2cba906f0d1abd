import CSQLite

extension SQLiteDatabase {
  /// What SQLite counts of a connection's page cache.
  public enum CacheCount: Sendable {
    /// Pages that were in the cache.
    case hits
    /// Pages that were read from the file.
    case misses
    /// Pages written to the file.
    case writes
    /// Dirty pages written before the transaction ended, for lack of room.
    case spills

    fileprivate var code: Int32 {
      switch self {
      case .hits: SQLITE_DBSTATUS_CACHE_HIT
      case .misses: SQLITE_DBSTATUS_CACHE_MISS
      case .writes: SQLITE_DBSTATUS_CACHE_WRITE
      case .spills: SQLITE_DBSTATUS_CACHE_SPILL
      }
    }
  }

  /// So many since the connection was opened, or since the last call that reset the counter.
  public func count(_ count: CacheCount, reset: Bool = false) -> Int {
    status(count.code, reset: reset)
  }

  /// Bytes of memory that the page cache takes now.
  public var cacheBytes: Int { status(SQLITE_DBSTATUS_CACHE_USED, reset: false) }

  private func status(_ code: Int32, reset: Bool) -> Int {
    var (now, highest): (Int32, Int32) = (0, 0)
    let result = sqlite3_db_status(connection, code, &now, &highest, reset ? 1 : 0)
    return result == SQLITE_OK ? Int(now) : 0
  }

  /// Pages of the database, free ones included.
  public func pageCount() throws(SQLiteError) -> Int { try integer("PRAGMA page_count") ?? 0 }

  /// Bytes of the database.
  public func size() throws(SQLiteError) -> Int {
    try pageCount() * (integer("PRAGMA page_size") ?? 0)
  }

  /// Reads all pages and compares tables with their indexes.
  /// - Throws: `SQLiteError` with the first thing that is wrong.
  public func checkIntegrity() throws(SQLiteError) {
    let sql = "PRAGMA integrity_check(1)"
    let statement = try prepare(sql)
    guard try statement.step() else { return }
    let found = statement.text(0)
    if found != "ok" { throw SQLiteError(sql, code: SQLITE_CORRUPT, message: found) }
  }
}
