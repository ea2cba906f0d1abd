import Databases
import Harness
import Platform
import Results

/// What SQLite takes for a statement, a page and a change, on a file.
enum SQLiteStatements {
  private static let group = SQLiteReads.group
  private static let space: [Requirement] = [.storage(bytes: 32 << 20)]

  static let probes = [
    repeated(
      "sqlite.lookup", group: group, title: "Prepared look-up by rowid, by itself",
      method: "bind, step, a column, reset, on a file in the page cache; locks included",
      needs: space, count: 200,
      prepare: { point in try SQLiteLookups(point, inTransaction: false) },
      run: { lookups, _ in lookups.run() }),
    repeated(
      "sqlite.lookup.transaction", group: group,
      title: "Prepared look-up by rowid, in a transaction",
      method: "the same within a transaction that is open already", needs: space, count: 200,
      prepare: { point in try SQLiteLookups(point, inTransaction: true) },
      run: { lookups, _ in lookups.run() }),
    repeated(
      "sqlite.prepare", group: group, title: "Parse and plan of a query, and its end",
      method: "prepare and finalise of a query of two aggregates with one index to choose",
      count: 50, prepare: { _ in try SQLiteOrders.database() },
      run: { database, count in
        var lengths = 0
        for index in 0..<count {
          let sql = "SELECT count(*), sum(day) FROM orders WHERE customer = \(8_000 + index)"
          guard let statement = try? database.prepare(sql) else { fatalError(sql) }
          lengths += statement.count(.sorts) + 1
        }
        return lengths
      }),
    pageRead,
  ]

  /// A row fills a page, so that next to nothing but the page is read.
  private static let pageRead = repeated(
    "sqlite.page.read", group: group, title: "Page of 4 KiB, from the kernel's cache",
    method: "scan of 512 rows of 3,000 B with a page cache of 128 KiB", needs: space, count: 512,
    prepare: { _ in
      let path = try SQLiteFile.path()
      let filler = try SQLiteDatabase(.file(path), .building)
      try filler.execute(
        """
        CREATE TABLE IF NOT EXISTS large(id INTEGER PRIMARY KEY, text TEXT);
        INSERT OR IGNORE INTO large
          WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT 512)
          SELECT i, hex(zeroblob(1500)) FROM n;
        """)
      let database = try SQLiteDatabase(.file(path), SQLiteSettings(cacheBytes: 128 << 10))
      return try SQLiteTask(
        "SELECT count(*), sum(id) FROM large WHERE id >= ?", on: database, parameters: [0])
    }, run: { task, _ in task.run() })
}

/// The file of a worker process with the same orders.
enum SQLiteFile {
  // Only the thread that takes the numbers uses it.
  nonisolated(unsafe) private static var kept: (folder: ScratchFolder, path: String)?

  /// Filled at the first call.
  static func path() throws -> String {
    if let kept { return kept.path }
    let folder = try ScratchFolder(bytes: 32 << 20)
    let path = folder.file("orders.db")
    try SQLiteOrders.sample.fill(try SQLiteDatabase(.file(path), .building))
    kept = (folder, path)
    return path
  }
}

/// Look-ups of customers' names.
private final class SQLiteLookups {
  private let task: SQLiteTask
  private let database: SQLiteDatabase

  init(_ point: Point, inTransaction: Bool) throws {
    database = try SQLiteDatabase(.file(try SQLiteFile.path()))
    var generator = point.generator()
    let all = 0..<SQLiteOrders.sample.customers
    task = try SQLiteTask(
      "SELECT region, name FROM customers WHERE id = ?", on: database,
      parameters: (0..<point.value).map { _ in all.randomElement(using: &generator)! },
      hasText: true)
    if inTransaction {
      try database.execute("BEGIN")
      _ = task.run()
    }
  }

  func run() -> Int { task.run() }
}
