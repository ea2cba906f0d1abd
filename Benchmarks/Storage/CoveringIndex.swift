import Databases
import Harness
import Results

extension Experiment {
  /// The rows of one customer: by an index, or from the index alone.
  static let coveringIndex = Experiment(
    id: "storage/covering-index",
    title: "Rows of a customer: index, then the row → covering index",
    slot: "performance/storage/indexes",
    claim: """
      An index that also holds the column that the query reads saves the look-up of each row in the \
      table, and so makes a query for a hundred rows two to four times faster even where all pages are \
      cached; for one row it saves little.
      """,
    mechanism: """
      An entry of an index of SQLite ends with the rowid, not with the row's place: each row is \
      another descent of the table's B-tree, with a binary search in each of its pages. The entries \
      of a customer are side by side in the index, so that with the total in them the whole answer is \
      a short walk. SQLite's plans are `SEARCH orders USING INDEX orders_customer (customer=?)` and \
      `SEARCH orders USING COVERING INDEX orders_customer_total (customer=?)`.
      """,
    limits: """
      The index grows by the columns that it covers, and each change of these columns is one more \
      write. A query that reads a further column loses the whole advantage. Here the page cache holds \
      everything; where it does not, each row saved is also a page read saved (storage/missing-index \
      shows what that costs). Settings: pages of 4 KiB, a rollback journal.
      """,
    diagram: """
      flowchart LR
        subgraph before["index: {index}"]
          direction LR
          e["entry: customer, rowid"] --> b["descent of the table's B-tree"] --> r["row: total"]
        end
        subgraph after["covering index: {covering index}"]
          direction LR
          c["entry: customer, total, rowid"]
        end
        before -- "{speedup} for {point} rows" --> after
      """,
    sweep: .count("rows of a customer", SampleOrders.classes, smoke: 1),
    signals: ["virtual machine steps", "pages in the cache"],
    needs: [.storage(bytes: OrdersFiles.needed)],
    work: { Work(elements: Double(queries(of: $0)), each: "query") },
    variants: [
      .query("index", index, shows: ["index"], parameters: someCustomers),
      .query("covering index", covering, shows: ["covering"], parameters: someCustomers),
    ],
    headline: DeclaredHeadline(value: 100, variant: "covering index"),
    model: { question throws(MissingNumber) in
      let rows = Double(question.value)
      let query = try question.time("sqlite.lookup").named("start and end of the query")
      let entry = try question.time("sqlite.index.covered")
      let row = try question.indexedRow(among: question.value * queries(of: question.value))
      return Model(
        question.isBaseline
          ? query + (rows * row).named("entries and rows") : query + (rows * entry).named("entries")
      )
    })
}

private var index: PlannedQuery {
  PlannedQuery(
    sql: "SELECT count(*), sum(total) FROM orders WHERE customer = ?",
    indexes: ["CREATE INDEX orders_customer ON orders(customer)"],
    plan: "SEARCH orders USING INDEX orders_customer (customer=?)")
}

private var covering: PlannedQuery {
  PlannedQuery(
    sql: "SELECT count(*), sum(total) FROM orders WHERE customer = ?",
    indexes: ["CREATE INDEX orders_customer_total ON orders(customer, total)"],
    plan: "SEARCH orders USING COVERING INDEX orders_customer_total (customer=?)")
}

/// Queries of a call: many of few rows, few of many.
private func queries(of rows: Int) -> Int { max(8, 400 / rows) }

/// Customers with as many orders as the sweep's value says, at random.
private func someCustomers(_ point: Point, _ sample: SampleOrders) -> [[Int]] {
  var generator = point.generator()
  let customers = sample.customers(having: point.value)
  return (0..<queries(of: point.value)).map { _ in [customers.randomElement(using: &generator)!] }
}
