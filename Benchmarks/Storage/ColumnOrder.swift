import Databases
import Harness
import Results

extension Experiment {
  /// An index on the same two columns, in either order.
  static let columnOrder = Experiment(
    id: "storage/column-order",
    title: "Order of an index's columns: (day, customer) → (customer, day)",
    slot: "performance/storage/indexes",
    claim: """
      For `customer = ? AND day >= ?` an index on (customer, day) visits only the rows that the query \
      returns, and one on (day, customer) every order of those days: hundreds of times more work, \
      with an index that the plan reports as used in both cases.
      """,
    mechanism: """
      An index is sorted by its first column, and by the second only among equal values of the first. \
      In (customer, day) the wanted entries are one run. In (day, customer) they are scattered over \
      all later days, and SQLite tests the customer of each entry; it descends into the table only \
      for those that match. The plan reads `SEARCH orders USING INDEX orders_day_customer (day>?)` \
      beside `SEARCH orders USING INDEX orders_customer_day (customer=? AND day>?)`: what decides is \
      in the brackets.
      """,
    limits: """
      The fewer rows the range selects by itself, the less the order matters; with two equalities it \
      does not matter at all. After ANALYZE SQLite can skip over a first column of few distinct \
      values (skip-scan). Here the page cache holds everything. Settings: pages of 4 KiB, a rollback \
      journal.
      """,
    diagram: """
      flowchart LR
        subgraph before["(day, customer): {(day, customer)}"]
          direction LR
          d["all entries of {point} of the days"] --> f["customer = ?"]
        end
        subgraph after["(customer, day): {(customer, day)}"]
          direction LR
          c["the customer's entries of these days"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "days", [10, 100, 500], smoke: 10, label: { "\($0 * 100 / SampleOrders.days)%" }),
    signals: ["virtual machine steps", "pages in the cache"],
    needs: [.storage(bytes: OrdersFiles.needed)],
    work: { _ in Work(elements: Double(queries), each: "query") },
    variants: [
      .query("(day, customer)", dayFirst, shows: ["dayFirst"], parameters: customersAndDay),
      .query(
        "(customer, day)", customerFirst, shows: ["customerFirst"], parameters: customersAndDay),
    ],
    model: { question throws(MissingNumber) in
      let share = Double(question.value) / Double(SampleOrders.days)
      let query = try question.time("sqlite.lookup").named("start and end of the query")
      let found = Double(ordersOfEach) * share
      let matching = found * (try question.indexedRow(among: queries * Int(found)))
      guard question.isBaseline else {
        return Model(query + matching.named("matching entries and rows"))
      }
      let tested = Double(SampleOrders.usual) * share * (try question.time("sqlite.index.tested"))
      return Model(
        query + matching.named("matching entries and rows") + tested.named("entries tested"))
    })
}

private var dayFirst: PlannedQuery {
  PlannedQuery(
    sql: "SELECT count(*), sum(total) FROM orders WHERE customer = ? AND day >= ?",
    indexes: ["CREATE INDEX orders_day_customer ON orders(day, customer)"],
    plan: "SEARCH orders USING INDEX orders_day_customer (day>?)")
}

private var customerFirst: PlannedQuery {
  PlannedQuery(
    sql: "SELECT count(*), sum(total) FROM orders WHERE customer = ? AND day >= ?",
    indexes: ["CREATE INDEX orders_customer_day ON orders(customer, day)"],
    plan: "SEARCH orders USING INDEX orders_customer_day (customer=? AND day>?)")
}

/// Queries of a call.
private let queries = 8
private let ordersOfEach = 100

private func customersAndDay(_ point: Point, _ sample: SampleOrders) -> [[Int]] {
  var generator = point.generator()
  let customers = sample.customers(having: ordersOfEach)
  return (0..<queries).map { _ in
    [customers.randomElement(using: &generator)!, SampleOrders.days - point.value]
  }
}
