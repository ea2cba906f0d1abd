import Databases
import Harness
import Results

extension Experiment {
  /// A range of orders: scan of the table, or an index and then the rows.
  static let missingIndex = Experiment(
    id: "storage/missing-index",
    title: "A range of rows: scan of the table → B-tree index",
    slot: "performance/storage/indexes",
    claim: """
      With a page cache of a fifth of the table, an index finds one row in ten thousand hundreds of \
      times faster than a scan, and is slower than the scan where the query wants more than about a \
      fifteenth of the rows.
      """,
    mechanism: """
      The scan reads every page once and tests every row. The index lists the wanted rows in order \
      of their totals, which is no order of the table: each row is a descent of the table's B-tree \
      to a page at random. A page holds 55 rows, so a query that wants one row in 55 wants nearly \
      every page, and the index reads a page again for each of its rows. SQLite's plans are \
      `SCAN orders` and `SEARCH orders USING INDEX orders_total (total<?)`; without statistics it \
      chooses the index for any range.
      """,
    limits: """
      Pages come from the kernel's page cache, not from a device. On a device the scan profits from \
      read-ahead and rows at random places do not, so that the index loses earlier. A table stored \
      in the order of the range has its wanted rows side by side, and no crossover. Settings: pages \
      of 4 KiB, a cache of 512 KiB for a table of 2.4 MB, a rollback journal.
      """,
    diagram: """
      flowchart LR
        query["total < ?"] --> s["scan, every page and every row: {scan}"]
        query --> i["index, a page at random for each row: {index}"]
        s -- "{speedup} for {point}" --> i
      """,
    sweep: .count(
      "wanted rows", [3, 320, 1_600, 6_400], smoke: 3,
      label: { "\(Double($0) * 100 / Double(SampleOrders.usual))%" }),
    signals: ["pages read", "rows scanned", "virtual machine steps"],
    needs: [.storage(bytes: OrdersFiles.needed)],
    work: { _ in Work(elements: 1, each: "query") },
    variants: [
      .query("scan", scan, shows: ["scan"], settings: smallCache) { point, _ in [[point.value]] },
      .query("index", search, shows: ["search"], settings: smallCache) { point, _ in
        [[point.value]]
      },
    ],
    headline: DeclaredHeadline(value: 320, variant: "index"),
    model: { question throws(MissingNumber) in
      let (rows, wanted) = (Double(SampleOrders.usual), Double(question.value))
      let page = try question.time("sqlite.page.read")
      let start = try question.time("sqlite.lookup").named("start and end of the query")
      if question.isBaseline {
        let sums = wanted * (try question.time("sqlite.aggregate"))
        return Model(
          start + (rows * (try question.time("sqlite.scan.row"))).named("rows scanned")
            + (SampleOrders.pages * page).named("pages read") + sums.named("sums"))
      }
      let each = try question.time("sqlite.index.row")
      // The cache holds the pages that were used last: any of the table is in it by its share.
      let missed = max(0, 1 - cachedPages / SampleOrders.pages)
      return Model(
        start + (wanted * each).named("entries and rows")
          + (wanted * missed * page).named("pages read", because: "Each row is on another page."))
    })
}

private var scan: PlannedQuery {
  PlannedQuery(
    sql: "SELECT count(*), sum(customer) FROM orders WHERE total < ?",
    plan: "SCAN orders")
}

private var search: PlannedQuery {
  PlannedQuery(
    sql: "SELECT count(*), sum(customer) FROM orders WHERE total < ?",
    indexes: ["CREATE INDEX orders_total ON orders(total)"],
    plan: "SEARCH orders USING INDEX orders_total (total<?)")
}

private let smallCache = SQLiteSettings(cacheBytes: 512 << 10)
/// Pages of 4 KiB in the cache.
private let cachedPages = 128.0
