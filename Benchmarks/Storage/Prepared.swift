import Databases
import Harness
import Results

extension Experiment {
  /// The same query with its value in the text, or as a parameter of a prepared statement.
  static let prepared = Experiment(
    id: "storage/prepared",
    title: "A query run often: SQL text each time → prepared statement",
    slot: "performance/storage/queries",
    claim: """
      Within a transaction, parsing and planning a short query takes many times longer than running \
      it where it reads one row; a statement that is prepared once and bound each time saves that, \
      and makes next to no difference for a query that reads a thousand rows.
      """,
    mechanism: """
      SQLite turns the text into tokens, resolves names against the schema, compares the possible \
      plans and generates code for its virtual machine. A prepared statement keeps that code; a new \
      value needs a bind and a reset. The text with the value in it is also another text for each \
      value, so that a cache of statements by their text does not help. Both variants execute the \
      same plan, `SEARCH orders USING INDEX orders_customer (customer=?)`.
      """,
    limits: """
      A prepared statement is planned without knowing the value; where the best plan depends on it \
      (STAT4, partial indexes, LIKE) the text may win. At a server (PostgreSQL over a Unix socket) \
      planning is a part of a query that also has a round trip to pay, and a prepared statement \
      belongs to one connection, which a pooler in front of it may exchange. Values in the text also \
      invite injection. Outside a transaction each query of SQLite also takes a lock, which costs \
      more than its plan (storage/n-plus-one). Here the page cache holds everything. Settings: pages \
      of 4 KiB, a rollback journal.
      """,
    diagram: """
      flowchart LR
        subgraph before["SQL text: {SQL text}"]
          direction LR
          p["parse, plan, generate"] --> r["run: {point} rows"] --> f["finalise"]
        end
        subgraph after["prepared: {prepared}"]
          direction LR
          b["bind"] --> r2["run: {point} rows"] --> s["reset"]
        end
        before -- "{speedup}" --> after
        st["at a server: {server, SQL text}"] --> sp["at a server, prepared: {server, prepared}"]
      """,
    sweep: .count("rows of a query", SampleOrders.classes, smoke: 1),
    needs: [.storage(bytes: OrdersFiles.needed)], tolerates: [.preempted],
    work: { Work(elements: Double(queries(of: $0)), each: "query") },
    variants: [
      Variant(
        "SQL text", shows: ["queryByText"], prepare: { try CustomerQueries($0) },
        run: { queries in attempt { try queryByText(queries) } }),
      Variant(
        "prepared", shows: ["queryPrepared"], prepare: { try CustomerQueries($0) },
        run: { queries in attempt { try queryPrepared(queries) } }),
      .server("server, SQL text", shows: "serverByText", queries, serverByText),
      .server("server, prepared", shows: "serverPrepared", queries, serverPrepared),
    ],
    demands: Demands { try ServerQueries.steps($0) },
    headline: DeclaredHeadline(value: 10, variant: "prepared"),
    model: { question throws(MissingNumber) in
      if question.variant.hasPrefix("server") { return question.serverQuery() }
      let query = try question.time("sqlite.query").named("start and end of the query")
      let visited = question.value * queries(of: question.value)
      let rows = Double(question.value) * (try question.indexedRow(among: visited))
      let run = query + rows.named("entries and rows")
      return Model(
        question.isBaseline
          ? run + (try question.time("sqlite.prepare")).named("parse and plan") : run)
    })
}

/// - Returns: a digest of each customer's number and sum of orders.
private func queryByText(_ queries: CustomerQueries) throws -> UInt64 {
  var digest = RowDigest()
  for customer in queries.customers {
    let statement = try queries.database.prepare(
      "SELECT count(*), sum(total) FROM orders WHERE customer = \(customer)")
    while try statement.step() { digest.addRow(statement.integer(0), statement.integer(1)) }
  }
  return digest.value
}

private func queryPrepared(_ queries: CustomerQueries) throws -> UInt64 {
  var digest = RowDigest()
  let statement = queries.statement
  for customer in queries.customers {
    try statement.bind(customer, at: 1)
    while try statement.step() { digest.addRow(statement.integer(0), statement.integer(1)) }
    statement.reset()
  }
  return digest.value
}

private func serverByText(_ queries: ServerQueries) throws -> UInt64 { try queries.queryByText() }
private func serverPrepared(_ queries: ServerQueries) throws -> UInt64 {
  try queries.queryPrepared()
}

/// Queries of a call: many of few rows, few of many.
private func queries(of rows: Int) -> Int { max(4, 100 / rows) }

private final class CustomerQueries {
  let database: SQLiteDatabase
  /// `SELECT count(*), sum(total) FROM orders WHERE customer = ?`
  let statement: SQLiteStatement
  let customers: [Int]

  init(_ point: Point) throws {
    let sample = point.orders
    let contents = OrdersFiles.Contents(
      sample: sample, statements: ["CREATE INDEX orders_customer ON orders(customer)"])
    database = try SQLiteDatabase(.file(try OrdersFiles.shared(contents)), .reading)
    statement = try database.prepare(
      "SELECT count(*), sum(total) FROM orders WHERE customer = ?",
      plan: "SEARCH orders USING INDEX orders_customer (customer=?)")
    var generator = point.generator()
    let all = sample.customers(having: point.value)
    customers = (0..<queries(of: point.value)).map { _ in all.randomElement(using: &generator)! }
    // Held as long as the process lives.
    try database.execute("BEGIN")
  }
}
