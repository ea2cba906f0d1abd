import CSQLite

/// A use of a table.
public struct TableAccess: Hashable, Sendable {
  /// Its name; that of a view too.
  public let table: String
  /// Whether its rows are changed, and not only read.
  public let isWrite: Bool

  /// A use of a table.
  public init(table: String, isWrite: Bool) {
    self.table = table
    self.isWrite = isWrite
  }
}

extension SQLiteDatabase {
  /// Which tables the statements of `body` read and write, as SQLite resolves them: behind views and
  /// in triggers too. A statement counts when it is prepared.
  ///
  /// Source: `sqlite3_set_authorizer`, which has one callback for a connection: not inside itself.
  public func accesses(during body: () throws -> Void) rethrows -> Set<TableAccess> {
    let watch = AccessWatch()
    sqlite3_set_authorizer(
      connection,
      { context, action, table, _, _, _ in
        let watch = Unmanaged<AccessWatch>.fromOpaque(context!).takeUnretainedValue()
        watch.note(action, table.map { String(cString: $0) } ?? "")
        return SQLITE_OK
      }, Unmanaged.passUnretained(watch).toOpaque())
    defer { sqlite3_set_authorizer(connection, nil, nil) }
    try body()
    // The callback holds no reference.
    return withExtendedLifetime(watch) { $0.accesses }
  }
}

private final class AccessWatch {
  var accesses: Set<TableAccess> = []

  func note(_ action: Int32, _ table: String) {
    guard !table.isEmpty, !table.hasPrefix("sqlite_") else { return }
    switch action {
    case SQLITE_READ: accesses.insert(TableAccess(table: table, isWrite: false))
    case SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE:
      accesses.insert(TableAccess(table: table, isWrite: true))
    default: break
    }
  }
}
