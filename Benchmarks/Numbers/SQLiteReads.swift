import Databases
import Harness
import Results

/// What SQLite takes for a row, an entry of an index, a statement: on a table of 32,000 orders that
/// its page cache holds.
enum SQLiteReads {
  static let group = "SQLite"
  private static let orders = SampleOrders.usual

  static let probes = [
    rows("sqlite.scan.row", "Scan: a row that does not match", role: .number, scan, [-1]),
    rows("sqlite.scan.sum", "Scan: a row that is counted and summed", scan, [orders]),
    rows(
      "sqlite.index.covered", "Covering index: an entry that is counted and summed", role: .number,
      "SELECT count(*), sum(total) FROM orders INDEXED BY orders_customer_total "
        + "WHERE customer = ?", each: 100),
    rows(
      "sqlite.index.row", "Index: an entry, and its row, which is counted and summed",
      role: .number,
      "SELECT count(*), sum(total) FROM orders INDEXED BY orders_customer WHERE customer = ?",
      each: 100),
    rows(
      "sqlite.index.row.near", "The same, the same 100 rows again and again", role: .number,
      "SELECT count(*), sum(total) FROM orders INDEXED BY orders_customer WHERE customer = ?",
      each: 100, customers: 1),
    probe(
      "sqlite.query", "Prepared query by an index that finds no row, in memory", role: .number,
      "SELECT count(*), sum(total) FROM orders INDEXED BY orders_customer WHERE customer = ?",
      rows: 50
    ) { _ in
      try SQLiteTask(
        "SELECT count(*), sum(total) FROM orders INDEXED BY orders_customer WHERE customer = ?",
        parameters: Array(repeating: -1, count: 50))
    },
    rows(
      "sqlite.index.tested", "Index: an entry that does not match by its second column",
      role: .number,
      "SELECT count(*), sum(total) FROM orders INDEXED BY orders_day_customer "
        + "WHERE day >= 0 AND customer = ?", [-1]),
    rows(
      "sqlite.offset.row", "OFFSET: an entry that is skipped", role: .number,
      "SELECT id, day FROM orders INDEXED BY orders_customer ORDER BY customer LIMIT 1 OFFSET ?",
      [orders]),
    rows(
      "sqlite.result.row", "Range of rowids: a row, two columns of which are returned",
      role: .number, "SELECT id, customer FROM orders WHERE id >= ?", [0]),
    rows(
      "sqlite.join.row", "The same with a customer's name found by its rowid",
      "SELECT o.id, c.name FROM orders o CROSS JOIN customers c ON c.id = o.customer "
        + "WHERE o.id >= ?", [0], hasText: true),
  ]

  static let derived = [
    DerivedNumber(
      "sqlite.aggregate", group: group, title: "Count and sum of a row",
      method: "scan that counts and sums all rows less scan in which none matches",
      from: ["sqlite.scan.sum", "sqlite.scan.row"], compute: { max(0, $0[0] - $0[1]) }),
    DerivedNumber(
      "sqlite.join", group: group, title: "Join: a row found by its rowid, and its text",
      method: "rows of two tables less rows of one",
      from: ["sqlite.join.row", "sqlite.result.row"], compute: { max(0, $0[0] - $0[1]) }),
  ]

  private static let scan =
    "SELECT count(*), sum(customer) FROM orders NOT INDEXED WHERE total < ?"

  /// Time of a row, where one execution visits all.
  private static func rows(
    _ name: String, _ title: String, role: Probe.Role = .ingredient, _ sql: String,
    _ parameters: [Int], hasText: Bool = false
  ) -> Probe {
    probe(name, title, role: role, sql, rows: orders) { _ in
      try SQLiteTask(sql, parameters: parameters, hasText: hasText)
    }
  }

  /// Time of a row, where an execution visits those of a customer, who has `each`.
  /// - Parameter customers: visited in turn; those of forty are more than a second-level cache
  ///   holds.
  private static func rows(
    _ name: String, _ title: String, role: Probe.Role, _ sql: String, each: Int,
    customers: Int = 40
  ) -> Probe {
    probe(name, title, role: role, sql, rows: customers * each) { point in
      var generator = point.generator()
      let all = SQLiteOrders.sample.customers(having: each)
      return try SQLiteTask(
        sql, parameters: (0..<customers).map { _ in all.randomElement(using: &generator)! })
    }
  }

  private static func probe(
    _ name: String, _ title: String, role: Probe.Role, _ sql: String, rows: Int,
    prepare: @escaping @Sendable (Point) throws -> SQLiteTask
  ) -> Probe {
    Probe(
      name, role: role, group: group, title: title, method: "`\(sql)`, rows in the page cache",
      reading: { _ in .operations(Double(rows)) },
      variant: Variant(name, shows: [], prepare: prepare, run: { $0.run() }))
  }
}

/// The database of a worker process: in memory, so that nothing is locked and no page is missing.
enum SQLiteOrders {
  static let sample = SampleOrders(orders: SampleOrders.usual, seed: 1)

  private static let indexes = [
    "CREATE INDEX orders_customer ON orders(customer)",
    "CREATE INDEX orders_customer_total ON orders(customer, total)",
    "CREATE INDEX orders_day_customer ON orders(day, customer)",
  ]

  // Only the thread that takes the numbers uses it.
  nonisolated(unsafe) private static var kept: SQLiteDatabase?

  /// Filled at the first call.
  static func database() throws -> SQLiteDatabase {
    if let kept { return kept }
    let database = try SQLiteDatabase(.memory, .building)
    try sample.fill(database)
    for index in indexes { try database.execute(index) }
    kept = database
    return database
  }
}

/// A statement that is run once for each of its parameters.
final class SQLiteTask {
  private let statement: SQLiteStatement
  private let parameters: [Int]
  private let hasText: Bool

  init(
    _ sql: String, on database: SQLiteDatabase? = nil, parameters: [Int], hasText: Bool = false
  ) throws {
    statement = try (database ?? SQLiteOrders.database()).prepare(sql)
    self.parameters = parameters
    self.hasText = hasText
  }

  /// - Returns: the sum of what the rows hold.
  func run() -> Int {
    do {
      var sum = 0
      for parameter in parameters {
        try statement.bind(parameter, at: 1)
        while try statement.step() {
          sum &+= statement.integer(0)
          sum &+= hasText ? statement.withBytes(of: 1) { $0.count } : statement.integer(1)
        }
        statement.reset()
      }
      return sum
    } catch { fatalError("\(error)") }
  }
}
