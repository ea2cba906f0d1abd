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
    update("sqlite.update.file", isInFile: true),
    update("sqlite.update.memory", isInFile: false),
  ]

  static let derived = [
    DerivedNumber(
      "sqlite.insert.index", group: group, title: "Insert of an index entry at a random place",
      method: "half of what two indexes add to an insert",
      from: ["sqlite.insert.indexed", "sqlite.insert"], compute: { max(0, $0[0] - $0[1]) / 2 }),
    DerivedNumber(
      "sqlite.page.write", group: group, title: "Write of a changed page at commit",
      method: "update of a row in each of 500 pages of a file less the same in memory; "
        + "synchronous off, journal in memory",
      from: ["sqlite.update.file", "sqlite.update.memory"], compute: { max(0, $0[0] - $0[1]) }),
  ]

  private static let indexes = [
    "CREATE INDEX orders_customer_day ON orders(customer, day)",
    "CREATE INDEX orders_day_total ON orders(day, total)",
  ]

  private static func update(_ name: String, isInFile: Bool) -> Probe {
    repeated(
      name, group: group, title: "Update of a row in a page of its own",
      method: "500 rows a transaction", needs: isInFile ? space : [], count: 500,
      role: .ingredient, prepare: { _ in try SQLiteUpdates(isInFile: isInFile) },
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

/// Orders that are changed, each in another page.
private final class SQLiteUpdates {
  private let database: SQLiteDatabase
  private let change: SQLiteStatement
  private let folder: ScratchFolder?

  init(isInFile: Bool) throws {
    folder = isInFile ? try ScratchFolder(bytes: 32 << 20) : nil
    database = try SQLiteDatabase(
      folder.map { .file($0.file("updates.db")) } ?? .memory,
      SQLiteSettings(cacheBytes: 64 << 20, journal: .memory, synchronous: .off))
    try SQLiteOrders.sample.fill(database)
    change = try database.prepare("UPDATE orders SET day = 999 - day WHERE id = ?")
  }

  func update(_ pages: Int) -> Int {
    do {
      return try database.transaction {
        for page in 0..<pages {
          try change.bind(page * 60, at: 1)
          try change.run()
        }
        return pages
      }
    } catch { fatalError("\(error)") }
  }
}
