import Databases
import Glibc
import Platform

/// The databases of Shops that move, looked into past the Shops.
public enum ShopData {
  /// A connection that waits for others.
  /// - Throws: `SQLiteError`.
  public static func opened(_ folder: String) throws -> SQLiteDatabase {
    var settings = SQLiteSettings(journal: .wal, synchronous: .normal)
    settings.patience = 5
    return try SQLiteDatabase(.file("\(folder)/shop.db"), settings)
  }

  /// Copies a database that is being written to, as it was at one moment, and the images.
  /// - Parameter copy: a folder, which is made.
  public static func snapshot(of folder: String, to copy: String) throws {
    mkdir(copy, 0o755)
    for name in ["shop.db", "shop.db-wal", "shop.db-shm"] { unlink("\(copy)/\(name)") }
    symlink("\(folder)/images", "\(copy)/images")
    try opened(folder).execute("VACUUM INTO '\(copy)/shop.db'")
    // What the source's outbox still has to carry is not the copy's to carry.
    try ShopOutbox.remove(from: copy)
  }

  /// Moves sessions with their carts. A process that ends in the middle leaves them at least at one
  /// side; who owns them is the routes' to say, and a second move replaces what the first has left.
  /// - Parameter buckets: of `FacadeRoutes.bucket(of:)`.
  /// - Returns: how many sessions were moved.
  @discardableResult
  public static func moveSessions(
    _ buckets: Range<Int>, from source: String, to target: String
  ) throws -> Int {
    guard !buckets.isEmpty else { return 0 }
    let (old, new) = (try opened(source), try opened(target))
    let chosen = "% 100 BETWEEN \(buckets.lowerBound) AND \(buckets.upperBound - 1)"
    let sessions = try integers("SELECT id FROM sessions WHERE id \(chosen)", 1, old)
    let lines = try integers(
      "SELECT session, product, quantity FROM carts WHERE session \(chosen)", 3, old)
    try writing(new) {
      try new.execute("DELETE FROM carts WHERE session \(chosen)")
      let session = try new.prepare("INSERT OR IGNORE INTO sessions VALUES (?)")
      for row in sessions { try run(session, row) }
      let line = try new.prepare("INSERT INTO carts VALUES (?, ?, ?)")
      for row in lines { try run(line, row) }
    }
    try writing(old) {
      try old.execute("DELETE FROM carts WHERE session \(chosen)")
      try old.execute("DELETE FROM sessions WHERE id \(chosen)")
    }
    return sessions.count
  }

  /// All rows of a query of integers.
  static func integers(
    _ sql: String, _ columns: Int, _ database: SQLiteDatabase
  ) throws -> [[Int]] {
    let statement = try database.prepare(sql)
    var rows: [[Int]] = []
    while try statement.step() { rows.append((0..<columns).map { statement.integer($0) }) }
    return rows
  }

  static func run(_ statement: SQLiteStatement, _ values: [Int]) throws {
    for (index, value) in values.enumerated() { try statement.bind(value, at: index + 1) }
    try statement.run()
  }

  /// A transaction that may write from its beginning on.
  static func writing(_ database: SQLiteDatabase, _ body: () throws -> Void) throws {
    try database.execute("BEGIN IMMEDIATE")
    do { try body() } catch {
      try? database.execute("ROLLBACK")
      throw error
    }
    try database.execute("COMMIT")
  }
}
