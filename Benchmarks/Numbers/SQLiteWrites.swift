import Databases
import Harness
import Platform
import Results

/// What SQLite takes for inserted rows and written pages, without waiting for a device.
enum SQLiteWrites {
  private static let group = SQLiteReads.group
  private static let space: [Requirement] = [.storage(bytes: 32 << 20)]
  private static let rows = 1_000

  static let probes = [
    repeated(
      "sqlite.insert", group: group, title: "Insert of a row of 75 B, without an index",
      method: "1,000 rows a transaction at the end of a table in memory", count: rows,
      prepare: { _ in try SQLiteInserts(indexes: []) }, run: { $0.insert($1) }),
    repeated(
      "sqlite.insert.indexed", group: group, title: "Insert of a row with two indexes",
      method: "the same with indexes at random places of 19,000 entries", count: rows,
      role: .ingredient, prepare: { _ in try SQLiteInserts(indexes: indexes) },
      run: { $0.insert($1) }),
    repeated(
      "sqlite.commit", group: group, title: "Transaction that writes one row",
      method: "begin, insert, commit, on a file; synchronous off, journal in memory",
      needs: space, count: 20, prepare: { _ in try SQLiteInserts(indexes: [], isInFile: true) },
      run: { inserts, count in
        for _ in 0..<count { _ = inserts.insert(1) }
        return count
      }),
    update("sqlite.update.sparse", "Update of a row in a page of its own", distance: 60),
    update("sqlite.update.dense", "Update of the next row", distance: 1, role: .number),
    update(
      "sqlite.update.sparse.wal", "Update of a row in a page of its own, write-ahead log",
      distance: 60, journal: .wal),
    update(
      "sqlite.update.dense.wal", "Update of the next row, write-ahead log", distance: 1,
      journal: .wal),
  ]

  static let derived = [
    DerivedNumber(
      "sqlite.insert.index", group: group, title: "Insert of an index entry at a random place",
      method: "half of what two indexes add to an insert",
      from: ["sqlite.insert.indexed", "sqlite.insert"], compute: { max(0, $0[0] - $0[1]) / 2 }),
    DerivedNumber(
      "sqlite.page.write", group: group,
      title: "Page that is changed: kept for a rollback, and written",
      method: "update of a row in each of 100 pages less that of 100 rows side by side; "
        + "synchronous off, journal in memory",
      from: ["sqlite.update.sparse", "sqlite.update.dense"], compute: { max(0, $0[0] - $0[1]) }),
    DerivedNumber(
      "sqlite.page.log", group: group,
      title: "Page that is changed: written to a write-ahead log, and at a checkpoint",
      method: "the same with a write-ahead log, and a checkpoint every 1,000 pages",
      from: ["sqlite.update.sparse.wal", "sqlite.update.dense.wal"],
      compute: { max(0, $0[0] - $0[1]) }),
  ]

  private static let indexes = [
    "CREATE INDEX orders_customer_day ON orders(customer, day)",
    "CREATE INDEX orders_day_total ON orders(day, total)",
  ]

  private static func update(
    _ name: String, _ title: String, distance: Int, journal: SQLiteSettings.Journal = .memory,
    role: Probe.Role = .ingredient
  ) -> Probe {
    repeated(
      name, group: group, title: title, method: "100 rows a transaction, on a file", needs: space,
      count: 100, role: role,
      prepare: { _ in try SQLiteUpdates(distance: distance, journal: journal) },
      run: { $0.update($1) })
  }
}

/// Orders that are inserted into a table of their own.
private final class SQLiteInserts {
  private let database: SQLiteDatabase
  private let insertion: SQLiteStatement
  private let folder: ScratchFolder?
  private var random = Xorshift(1)

  /// - Parameter indexes: where there are any, the table has 19,000 rows from the beginning.
  init(indexes: [String], isInFile: Bool = false) throws {
    folder = isInFile ? try ScratchFolder(bytes: 32 << 20) : nil
    database = try SQLiteDatabase(
      folder.map { .file($0.file("inserts.db")) } ?? .memory,
      SQLiteSettings(cacheBytes: 64 << 20, journal: .memory, synchronous: .off))
    if indexes.isEmpty {
      try database.execute(SampleOrders.schema)
    } else {
      try SampleOrders(orders: 16_000, seed: 1).fill(database)
      for index in indexes { try database.execute(index) }
    }
    insertion = try database.prepare(SampleOrders.insertion)
    try insertion.bind(SampleOrders.note, at: 5)
    // Spreads the indexes' pages, which were packed when they were made.
    if !indexes.isEmpty { _ = insert(3_000) }
  }

  func insert(_ rows: Int) -> Int {
    do {
      return try database.transaction {
        for _ in 0..<rows {
          try insertion.bind(random.below(8_000), at: 1)
          try insertion.bind(0, at: 2)
          try insertion.bind(random.below(SampleOrders.days), at: 3)
          try insertion.bind(random.below(16_000), at: 4)
          try insertion.run()
        }
        return rows
      }
    } catch { fatalError("\(error)") }
  }
}

/// Orders that are changed.
private final class SQLiteUpdates {
  private let database: SQLiteDatabase
  private let change: SQLiteStatement
  private let folder: ScratchFolder
  private let distance: Int

  /// - Parameter distance: of the changed rows; a page holds 55.
  init(distance: Int, journal: SQLiteSettings.Journal) throws {
    self.distance = distance
    folder = try ScratchFolder(bytes: 32 << 20)
    let path = folder.file("updates.db")
    try FileTree.copy(try SQLiteFile.path(), to: path)
    database = try SQLiteDatabase(
      .file(path), SQLiteSettings(cacheBytes: 64 << 20, journal: journal, synchronous: .off))
    change = try database.prepare("UPDATE orders SET day = 999 - day WHERE id = ?")
  }

  func update(_ rows: Int) -> Int {
    do {
      return try database.transaction {
        for row in 0..<rows {
          try change.bind(row * distance, at: 1)
          try change.run()
        }
        return rows
      }
    } catch { fatalError("\(error)") }
  }
}
