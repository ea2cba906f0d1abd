import Databases
import Harness
import Platform
import Systems

/// The orders of a process at a PostgreSQL server of its own, over a Unix socket.
final class ServerOrders {
  /// What the variants need that ask it.
  static let needs: [Requirement] = [
    .program("postgres", package: PostgresServer.package),
    .storage(bytes: PostgresServer.neededBytes),
  ]

  // A server is started once in each process; which point asks decides its rows.
  // Only the thread that prepares uses it.
  nonisolated(unsafe) private static var started: (server: PostgresServer, sample: SampleOrders)?

  /// Of one thread.
  let connection: PostgresConnection

  init(_ sample: SampleOrders) throws {
    if let started = Self.started, started.sample == sample {
      connection = try started.server.connect()
      return
    }
    let server = try PostgresServer()
    connection = try server.connect()
    try Self.fill(connection, sample)
    Self.started = (server, sample)
  }

  /// The same rows as SQLite has, and the statistics and visibility that a settled table has.
  private static func fill(_ connection: PostgresConnection, _ sample: SampleOrders) throws {
    let source = try SQLiteDatabase(
      .file(try OrdersFiles.shared(OrdersFiles.Contents(sample: sample))), .reading)
    try connection.execute(SampleOrders.schema)
    for (table, columns) in [
      ("customers", "id, name, region"), ("orders", "id, customer, status, day, total, note"),
    ] {
      let count = columns.split(separator: ",").count
      let rows = try source.prepare("SELECT \(columns) FROM \(table)")
      var text = ""
      while try rows.step() {
        text += (0..<count).map { rows.text($0) }.joined(separator: "\t") + "\n"
      }
      try connection.copy(into: table, text)
    }
    try connection.execute("CREATE INDEX orders_customer ON orders(customer)")
    try connection.execute("VACUUM ANALYZE")
    try connection.execute("CHECKPOINT")
  }
}

/// A list of orders, and the prepared statements that find their customers' names, at a server.
final class ServerOrderList {
  let connection: PostgresConnection
  /// The id that it begins with.
  let first: Int

  /// The same list as `OrderList` has at this point.
  init(_ point: Point) throws {
    connection = try ServerOrders(point.orders).connection
    first = OrderList.first(point)
    try connection.prepare(
      "list", "SELECT id, customer FROM orders WHERE id >= $1 ORDER BY id LIMIT \(point.value)")
    try connection.prepare("name", "SELECT name FROM customers WHERE id = $1")
    try connection.prepare(
      "joined",
      """
      SELECT o.id, c.name FROM (
        SELECT id, customer FROM orders WHERE id >= $1 ORDER BY id LIMIT \(point.value)) o
      JOIN customers c ON c.id = o.customer
      """)
  }

  /// - Returns: a digest of order and name of each row.
  @inline(never)
  func queryPerRow() throws -> UInt64 {
    var digest = RowDigest()
    let orders = try connection.run("list", [first])
    for row in 0..<orders.count {
      let names = try connection.run("name", [orders.integer(row, 1)])
      digest.addRow(orders.integer(row, 0), names.withBytes(0, 0, RowDigest.hash))
    }
    return digest.value
  }

  @inline(never)
  func join() throws -> UInt64 {
    var digest = RowDigest()
    let rows = try connection.run("joined", [first])
    for row in 0..<rows.count {
      digest.addRow(rows.integer(row, 0), rows.withBytes(row, 1, RowDigest.hash))
    }
    return digest.value
  }
}

/// Queries for customers' orders at a server.
final class ServerQueries {
  private let connection: PostgresConnection
  private let customers: [Int]
  private static let sql = "SELECT count(*), sum(total) FROM orders WHERE customer = "

  /// - Parameter queries: of a call.
  init(_ point: Point, queries: Int) throws {
    connection = try ServerOrders(point.orders).connection
    try connection.prepare("customer", Self.sql + "$1")
    var generator = point.generator()
    let all = point.orders.customers(having: point.value)
    customers = (0..<queries).map { _ in all.randomElement(using: &generator)! }
  }

  /// - Returns: a digest of each customer's number and sum of orders.
  @inline(never)
  func queryByText() throws -> UInt64 {
    try digest { try connection.execute(Self.sql + "\($0)") }
  }

  @inline(never)
  func queryPrepared() throws -> UInt64 {
    try digest { try connection.run("customer", [$0]) }
  }

  /// Nanoseconds of steps at a server: a prepared query of one row, a further row, and what a text
  /// adds; none where there is no server.
  static func steps(_ point: Point) throws -> [String: Double] {
    guard InstalledProgram.path(of: "postgres") != nil else { return [:] }
    let connection = try ServerOrders(point.orders).connection
    try connection.prepare("step", sql + "$1")
    func time(_ count: Int, _ query: () throws -> Void) rethrows -> Double {
      try query()
      let start = Clock.now()
      for _ in 0..<count { try query() }
      return Double(Clock.now() - start) / Double(count)
    }
    func run(_ customers: Range<Int>) throws -> Double {
      let pass = { for customer in customers { _ = try connection.run("step", [customer]) } }
      return try time(16, pass) / Double(customers.count)
    }
    // As many as an experiment asks for in a call; the first pass touches their rows.
    let single = try run(point.orders.customers(having: 1).prefix(100))
    let thousand = try run(point.orders.customers(having: 1_000).prefix(4))
    let one = point.orders.customers(having: 1).lowerBound
    // A text also takes another way through the protocol.
    try connection.prepare("nothing", "SELECT 1")
    let way =
      try time(100) { _ = try connection.execute("SELECT 1") }
      - time(100) { _ = try connection.run("nothing", []) }
    /// Parsing of a text, and a message more.
    func parsed(_ sql: String) throws -> Double {
      try time(100) {
        _ = try connection.execute("PREPARE parsed AS \(sql)")
        _ = try connection.execute("DEALLOCATE parsed")
      }
    }
    let parse = try parsed("\(sql)\(one)") - parsed("SELECT 1")
    func planned(_ sql: String) throws -> Double {
      let milliseconds = try (0..<100).map { _ in
        let rows = try connection.execute("EXPLAIN (SUMMARY) \(sql)")
        return Double(rows.text(rows.count - 1, 0).split(separator: " ")[2]) ?? 0
      }
      return 1e6 * milliseconds.reduce(0, +) / Double(milliseconds.count)
    }
    let plan = try planned("\(sql)\(one)") - planned("SELECT 1")
    return [
      "query of a row, at the server": single,
      "further row, at the server": (thousand - single) / 999,
      "parse and plan, at the server": max(0, way + parse + plan),
    ]
  }

  private func digest(_ query: (_ customer: Int) throws -> PostgresRows) rethrows -> UInt64 {
    var digest = RowDigest()
    for customer in customers {
      let rows = try query(customer)
      digest.addRow(rows.integer(0, 0), rows.integer(0, 1))
    }
    return digest.value
  }
}

extension Question {
  /// A query at a server, from its steps; nil where they were not measured.
  func serverQuery() -> Model? {
    guard let single = demand("query of a row, at the server"),
      let row = demand("further row, at the server"),
      let plan = demand("parse and plan, at the server")
    else { return nil }
    let query =
      single.named("query of a row, and the way") + (Double(value - 1) * row).named("rows")
    return Model(variant.hasSuffix("text") ? query + plan.named("parse and plan") : query)
  }
}

extension Variant {
  /// Names for a list, from a server.
  static func server(
    _ name: String, shows: String,
    _ run: @escaping @Sendable (ServerOrderList) throws -> UInt64
  ) -> Variant {
    Variant(
      name, shows: [shows], needs: ServerOrders.needs, prepare: { try ServerOrderList($0) },
      run: { list in attempt { try run(list) } })
  }

  /// Queries for customers' orders, at a server.
  /// - Parameter queries: of a call, by the sweep's value.
  static func server(
    _ name: String, shows: String, _ queries: @escaping @Sendable (Int) -> Int,
    _ run: @escaping @Sendable (ServerQueries) throws -> UInt64
  ) -> Variant {
    Variant(
      name, shows: [shows], needs: ServerOrders.needs,
      prepare: { try ServerQueries($0, queries: queries($0.value)) },
      run: { queries in attempt { try run(queries) } })
  }
}
