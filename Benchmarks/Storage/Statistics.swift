import Databases
import Harness
import Results

extension Experiment {
  /// The choice between two indexes: without statistics, and with them.
  static let statistics = Experiment(
    id: "storage/statistics",
    title: "Choice between two indexes: no statistics → ANALYZE",
    slot: "performance/storage/queries",
    claim: """
      Without statistics SQLite assumes that an index on a column of two values is as selective as one \
      on the customer; ANALYZE corrects the plan and makes the query many times faster where the value \
      is common, and slower where it is much rarer than the average.
      """,
    mechanism: """
      SQLite assumes that an equality on any index selects ten rows, and here breaks the tie in favour \
      of the newer index. `sqlite_stat1` holds the mean number of rows for a value: half of the table \
      for the status, a few for a customer. So the plan changes from `SEARCH orders USING INDEX \
      orders_status (status=?)` to `SEARCH orders USING INDEX orders_customer (customer=?)`. The \
      means know nothing of the skew: the rarest status is as unselective to the planner as the most \
      common, and so is a customer with a hundred orders as selective as one with a single order.
      """,
    limits: """
      A build with SQLITE_ENABLE_STAT4 also samples the values and can choose by the literal in the \
      query; its samples are dropped here. An index on (customer, status) ends the question. Statistics \
      are not renewed by themselves: PRAGMA optimize does that. ANALYZE ran before the measured time. \
      Here the page cache holds everything. Settings: pages of 4 KiB, a rollback journal.
      """,
    diagram: """
      flowchart LR
        query["status = 1 AND customer = ?"] --> s["orders_status: {no statistics}"]
        query --> c["orders_customer: {ANALYZE}"]
        s -- "{speedup} where {point} have the status" --> c
      """,
    sweep: .count("one order in", [4, 32, 320, 3_200], smoke: 32, label: { "1 in \($0)" }),
    signals: ["virtual machine steps", "pages in the cache"],
    needs: [.storage(bytes: OrdersFiles.needed)],
    work: { _ in Work(elements: Double(queries), each: "query") },
    variants: [
      .query(
        "no statistics", unaware, shows: ["unaware"], sample: { sample($0) },
        parameters: someCustomers),
      .query(
        "ANALYZE", analysed, shows: ["analysed"], sample: { sample($0) },
        parameters: someCustomers),
    ],
    headline: DeclaredHeadline(value: 32, variant: "ANALYZE"),
    model: { question throws(MissingNumber) in
      let query = try question.time("sqlite.lookup").named("start and end of the query")
      guard question.isBaseline else {
        // Other rows in each query: the calls between have taken their place in the caches.
        let rows = Double(ordersOfEach) * (try question.time("sqlite.index.row"))
        return Model(query + rows.named("entries and rows tested"))
      }
      // The open orders are the same in all queries of a call.
      let open = SampleOrders.usual / question.value
      let rows = Double(open) * (try question.indexedRow(among: open))
      return Model(query + rows.named("entries and rows tested"))
    })
}

private var unaware: PlannedQuery {
  PlannedQuery(
    sql: "SELECT count(*), sum(total) FROM orders WHERE status = 1 AND customer = ?",
    indexes: indexes,
    plan: "SEARCH orders USING INDEX orders_status (status=?)")
}

private var analysed: PlannedQuery {
  PlannedQuery(
    sql: "SELECT count(*), sum(total) FROM orders WHERE status = 1 AND customer = ?",
    // Where a build samples values too, that is left out: all builds plan alike.
    indexes: indexes + ["ANALYZE", "DROP TABLE IF EXISTS sqlite_stat4"],
    plan: "SEARCH orders USING INDEX orders_customer (customer=?)")
}

private let indexes = [
  "CREATE INDEX orders_customer ON orders(customer)",
  "CREATE INDEX orders_status ON orders(status)",
]

/// Queries of a call.
private let queries = 8
private let ordersOfEach = 100

private func sample(_ point: Point) -> SampleOrders {
  SampleOrders(orders: SampleOrders.usual, seed: point.seed, oneOpenIn: point.value)
}

private func someCustomers(_ point: Point, _ sample: SampleOrders) -> [[Int]] {
  var generator = point.generator()
  let customers = sample.customers(having: ordersOfEach)
  return (0..<queries).map { _ in [customers.randomElement(using: &generator)!] }
}
