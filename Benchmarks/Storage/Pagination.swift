import Databases
import Harness
import Results

extension Experiment {
  /// A page of a sorted list: by counting rows off, or by where the last page ended.
  static let pagination = Experiment(
    id: "storage/pagination",
    title: "A page of a sorted list: OFFSET → keyset",
    slot: "performance/storage/queries",
    claim: """
      `OFFSET n` steps over n entries of the index before it returns a row, so that a page's time \
      grows with its number; a query that continues after the last page's key takes the same time for \
      every page, and is no slower for the first.
      """,
    mechanism: """
      A B-tree knows no positions: its pages do not count the entries below them, so the n-th entry \
      is found by stepping over n others. A key is found by one descent. Both queries walk the same \
      index (`SCAN orders USING INDEX orders_total`, and `SEARCH orders USING INDEX orders_total \
      (total>?)`) and return the same twenty rows. SQLite descends to a row only where it is \
      returned, so that a skipped row costs an entry of the index and no page of the table.
      """,
    limits: """
      A keyset can't jump to page 700, and needs a unique order: a tie is broken by the rowid. It is \
      also right where OFFSET is not: a row inserted meanwhile shifts every later page by one. Other \
      databases look up the row of each skipped entry, which makes OFFSET dearer there. Here the page \
      cache holds everything. Settings: pages of 4 KiB, a rollback journal.
      """,
    diagram: """
      flowchart LR
        subgraph before["OFFSET: {OFFSET}"]
          direction LR
          a["first entry"] -- "20 for each page before" --> b["20 rows"]
        end
        subgraph after["keyset: {keyset}"]
          direction LR
          k["total > last"] -- "one descent" --> c["20 rows"]
        end
        before -- "{speedup} at page {point}" --> after
      """,
    sweep: .count("page", [1, 10, 100, 1_000], smoke: 10),
    signals: ["virtual machine steps", "pages in the cache"],
    needs: [.storage(bytes: OrdersFiles.needed)],
    work: { _ in Work(elements: 1, each: "page") },
    variants: [
      .query("OFFSET", byOffset, shows: ["byOffset"]) { point, _ in [[skipped(at: point.value)]] },
      // The totals are the numbers from 0: the page before ended with the one before this.
      .query("keyset", byKey, shows: ["byKey"]) { point, _ in [[skipped(at: point.value) - 1]] },
    ],
    headline: DeclaredHeadline(value: 100, variant: "keyset"),
    model: { question throws(MissingNumber) in
      let query = try question.time("sqlite.lookup").named("start and end of the query")
      let rows = pageRows * (try question.indexedRow(among: Int(pageRows)))
      guard question.isBaseline else { return Model(query + rows.named("rows returned")) }
      let skip = Double(skipped(at: question.value)) * (try question.time("sqlite.offset.row"))
      return Model(query + rows.named("rows returned") + skip.named("entries skipped"))
    })
}

private var byOffset: PlannedQuery {
  PlannedQuery(
    sql: "SELECT id, customer FROM orders ORDER BY total LIMIT 20 OFFSET ?",
    indexes: ["CREATE UNIQUE INDEX orders_total ON orders(total)"],
    plan: "SCAN orders USING INDEX orders_total")
}

private var byKey: PlannedQuery {
  PlannedQuery(
    sql: "SELECT id, customer FROM orders WHERE total > ? ORDER BY total LIMIT 20",
    indexes: ["CREATE UNIQUE INDEX orders_total ON orders(total)"],
    plan: "SEARCH orders USING INDEX orders_total (total>?)")
}

private let pageRows = 20.0

/// Rows on the pages before one.
private func skipped(at page: Int) -> Int { (page - 1) * Int(pageRows) }
