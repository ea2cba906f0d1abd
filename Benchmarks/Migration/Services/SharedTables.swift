import Databases
import Harness
import Results
import Statistics

/// Programs around one database: their sources, what they do each time they run, and how often.
final class SharedTables {
  struct Use: Hashable {
    let program, table: String
  }

  /// A query, by whom, and which tables it touches.
  struct Entry {
    let program, sql: String
    let tables: Set<String>
  }

  /// A use of a table that there is.
  struct Known {
    enum Hiding { case none, inSource, inDatabase }

    let use: Use
    /// From whom the name is hidden: from readers of the source, or of the query too.
    let hiding: Hiding
    /// Days between two runs.
    let period: Double
  }

  private struct Program {
    let name: String
    let period: Double
    let source: String
    let sql: [String]
    let uses: [(table: String, hiding: Known.Hiding)]
  }

  private(set) var report: [String: Counter] = [:]
  private let database: SQLiteDatabase
  private let days: Int
  private var random: SeededGenerator

  static let names = [
    "products", "stock_levels", "orders", "customers", "invoices", "audit_log", "sessions", "rates",
  ]

  static let uses = programs.flatMap { program in
    program.uses.map {
      Known(
        use: Use(program: program.name, table: $0.table), hiding: $0.hiding,
        period: program.period)
    }
  }

  /// Tables that sources mention without a use.
  static let mentions = 3

  static let sources = programs.map { ($0.name, $0.source) }

  init(_ point: Point) throws {
    days = point.value
    random = point.generator()
    database = try SQLiteDatabase(.memory)
    for name in Self.names {
      try database.execute("CREATE TABLE \(name)(id INTEGER PRIMARY KEY, value INTEGER)")
    }
    try database.execute(
      """
      CREATE VIEW sales AS SELECT id, value FROM orders;
      CREATE TRIGGER kept AFTER INSERT ON orders
        BEGIN INSERT INTO audit_log(value) VALUES (NEW.id); END;
      """)
  }

  /// What runs in so many days, each time other days.
  func logged() throws -> [Entry] {
    var log: [Entry] = []
    for _ in 0..<days {
      for program in Self.programs where program.period > 0 {
        guard random.share() < 1 / program.period else { continue }
        for sql in program.sql {
          let accesses = try database.accesses {
            let statement = try database.prepare(sql)
            while try statement.step() {}
          }
          let tables = Set(accesses.map(\.table)).intersection(Self.names)
          log.append(Entry(program: program.name, sql: sql, tables: tables))
        }
      }
    }
    try database.execute("DELETE FROM orders; DELETE FROM audit_log; DELETE FROM stock_levels")
    return log
  }

  /// - Returns: how many uses there are, which is the same for all ways of finding them.
  func judged(_ found: Set<Use>) -> Int {
    let truth = Set(Self.uses.map(\.use))
    report = [
      "uses that are right": .share(
        max(Double(truth.intersection(found).count), 0.5) / Double(truth.union(found).count)),
      "uses missed": .count(Double(truth.subtracting(found).count)),
      "uses invented": .count(Double(found.subtracting(truth).count)),
    ]
    return truth.count
  }

  /// A period of 0 is that of a program which nobody runs any more.
  private static let programs = [
    Program(
      name: "web", period: 1, source: "query(\"SELECT value FROM products WHERE id = ?\")",
      sql: ["SELECT value FROM products WHERE id = 1"], uses: [("products", .none)]),
    Program(
      name: "checkout", period: 1, source: "run(\"INSERT INTO orders(value) VALUES (?)\")",
      sql: ["INSERT INTO orders(value) VALUES (1)"],
      uses: [("orders", .none), ("audit_log", .inDatabase)]),
    Program(
      name: "loader", period: 1, source: "run(\"INSERT INTO \" + area + \"_levels(value) …\")",
      sql: ["INSERT INTO stock_levels(value) VALUES (1)"], uses: [("stock_levels", .inSource)]),
    Program(
      name: "dashboard", period: 1, source: "query(\"SELECT sum(value) FROM sales\")",
      sql: ["SELECT sum(value) FROM sales"], uses: [("orders", .inDatabase)]),
    Program(
      name: "cleaner", period: 1, source: "for table in config.expiring { delete(from: table) }",
      sql: ["DELETE FROM sessions WHERE value < 0"], uses: [("sessions", .inSource)]),
    Program(
      name: "indexer", period: 1, source: "query(\"SELECT id, value FROM products\")",
      sql: ["SELECT id, value FROM products"], uses: [("products", .none)]),
    Program(
      name: "letters", period: 7, source: "query(\"SELECT id FROM customers JOIN orders …\")",
      sql: ["SELECT c.id FROM customers c JOIN orders o ON o.value = c.id"],
      uses: [("customers", .none), ("orders", .none)]),
    Program(
      name: "price import", period: 7, source: "run(\"REPLACE INTO products VALUES (?, ?)\")",
      sql: ["REPLACE INTO products VALUES (1, 2)"], uses: [("products", .none)]),
    Program(
      name: "month's end", period: 30, source: "session.all(Invoice.self).map(\\.total).sum()",
      sql: ["SELECT value FROM invoices", "SELECT value FROM customers"],
      uses: [("invoices", .inSource), ("customers", .inSource)]),
    Program(
      name: "tax", period: 90, source: "for job in yaml(\"jobs\") { run(job.sql) }",
      sql: ["SELECT value FROM rates", "SELECT value FROM invoices"],
      uses: [("rates", .inSource), ("invoices", .inSource)]),
    Program(
      name: "old export", period: 0,
      source: "query(\"SELECT * FROM customers JOIN invoices …\") // then stock_levels", sql: [],
      uses: []),
  ]
}
