import Databases
import Glibc
import Harness
import Results

extension Experiment {
  /// Inserts into a table with six indexes, with the two that queries use, and with a partial one.
  static let indexWriteCost = Experiment(
    id: "storage/index-write-cost",
    title: "Inserts: six indexes → the two that are used, one of them partial",
    slot: "performance/storage/indexes",
    claim: """
      Each index on a column of random values costs an insert at least as much as the row itself; \
      without the four indexes that no query uses inserts are two to three times faster, in \
      transactions of ten rows as of a thousand.
      """,
    mechanism: """
      The table grows at its end, one page after the other. An index entry belongs between two others \
      at a random place: a descent, an insertion in the middle of a page, now and then a split, and \
      one more page to write at commit. A transaction of few rows dirties nearly one page for each \
      row and index; one of a thousand rows dirties each page once for many rows. A partial index \
      (`ON orders(day) WHERE status = 1`) has entries for the one row in fifty that its queries look \
      for, so that most inserts only test the condition.
      """,
    limits: """
      An index on values that grow (a time, a sequence) is appended to and costs less. Whether an \
      index is used is a question to the workload: EXPLAIN QUERY PLAN of every query, or the server's \
      counters. Nothing waits for the device here: synchronous is off and the journal in memory, so a \
      durable commit adds its flushes to all variants. Settings: pages of 4 KiB, a page cache that \
      holds everything. The table has 19,000 rows, and grows.
      """,
    diagram: """
      flowchart LR
        row["a row, {point} in a transaction"] --> six["table + 6 random places: {six indexes}"]
        row --> two["table + 2: {the two used}"]
        row --> partial["table + 1, and 1 row in 50: {one partial}"]
        six -- "{speedup}" --> two
      """,
    sweep: .count("rows of a transaction", [10, 100, 1_000], smoke: 10),
    signals: ["pages written", "file"],
    needs: [.storage(bytes: OrdersFiles.needed)],
    work: { Work(elements: Double($0), each: "row") },
    variants: [
      inserts("six indexes", sixIndexes, shows: ["sixIndexes", "insert"]),
      inserts("the two used", usedIndexes, shows: ["usedIndexes"]),
      inserts("one partial", partialIndex, shows: ["partialIndex"]),
    ],
    headline: DeclaredHeadline(value: 100, variant: "the two used"),
    model: { question throws(MissingNumber) in
      let rows = Double(question.value)
      let count = Double(indexes(of: question.variant).count)
      // A partial index has nearly no entries.
      let full = question.variant == "one partial" ? 1 : count
      let insert = try question.time("sqlite.insert")
      let entries = full * (try question.time("sqlite.insert.index"))
      let pages = Double(InsertedOrders.startRows) * entryBytes / (4096 * randomFill)
      // Of n pages, k insertions at random places miss a share of (1 − 1/n)^k.
      let dirty = full * pages * (1 - pow(1 - 1 / pages, rows)) + (rows / 55).rounded(.up) + 1
      let commit = try question.time("sqlite.commit")
      // Of each transaction ten rows are read back.
      let check =
        try question.time("sqlite.lookup") + 10 * (try question.time("sqlite.lookup.transaction"))
      return Model(
        insert.named("row") + entries.named("index entries")
          + (dirty / rows * (try question.time("sqlite.page.write"))).named("pages written")
          + (commit / rows).named("begin and commit") + (check / rows).named("rows read back"))
    })
}

private func sixIndexes() -> [String] {
  usedIndexes() + [
    "CREATE INDEX orders_customer ON orders(customer)",
    "CREATE INDEX orders_day_total ON orders(day, total)",
    "CREATE INDEX orders_total ON orders(total)",
    "CREATE INDEX orders_day_customer ON orders(day, customer)",
  ]
}

private func usedIndexes() -> [String] {
  [
    "CREATE INDEX orders_customer_day ON orders(customer, day)",
    "CREATE INDEX orders_day ON orders(day, status)",
  ]
}

private func partialIndex() -> [String] {
  [
    "CREATE INDEX orders_customer_day ON orders(customer, day)",
    "CREATE INDEX orders_open ON orders(day) WHERE status = 1",
  ]
}

private func insert(_ orders: InsertedOrders) throws -> UInt64 {
  try orders.database.transaction {
    for _ in 0..<orders.batch { try orders.insertNext() }
  }
  return try orders.verify()
}

private func indexes(of variant: String) -> [String] {
  switch variant {
  case "six indexes": sixIndexes()
  case "one partial": partialIndex()
  default: usedIndexes()
  }
}

private func inserts(
  _ name: String, _ indexes: @escaping @Sendable () -> [String], shows: [String]
) -> Variant {
  Variant(
    name, shows: shows, prepare: { try InsertedOrders($0, indexes: indexes()) },
    report: { $0.report() }, run: { orders in attempt { try insert(orders) } })
}

/// Of an index of two columns: a header of three bytes, seven of values, a pointer and a length.
private let entryBytes = 13.0
/// Of pages that are filled at random places: ln 2 (Yao, *On Random 2–3 Trees*, 1978).
private let randomFill = 0.69
