import Harness
import Results

extension Experiment {
  /// A sum over all that was ever ordered, asked for beside the Shop.
  static let analyticsCopy = Experiment(
    id: "migration/analytics-copy",
    title: "The analysts' query beside the shop: on its database → on a columnar copy",
    slot: "migration/database/queries",
    claim: """
      A query that takes no lock makes a busy shop's requests several times slower all the same, \
      since it has half of the processor for as long as it runs; on a copy in rows it does so as \
      before wherever the copy shares that processor. On a copy in packed columns it takes a \
      fortieth of the time. A shop that needs less than the half which a scan leaves notices little.
      """,
    mechanism: """
      In write-ahead mode readers and writers don't wait for each other. But while the sum over \
      {point} runs, again every 20 ms, a fair scheduler gives the analysts' thread as much of the \
      processor as all threads of the shop that want it. A shop of 3,000 requests per second needs \
      more than that: requests queue until the scan ends, which itself takes twice as long. The \
      columnar copy has the history in groups of 4,096 lines, each column packed by its range, and \
      what has come since as rows; it follows the shop's outbox every 2 ms. A sum over quantities \
      and prices unpacks two columns of four and takes no row apart. In the middle of each load the \
      copy's answer is compared with that of the database in the same state. No speedup is \
      predicted: how far the queue grows in a scan depends on where in its share each thread is.
      """,
    limits: """
      The shop has one processor here, as a container with a limit of one has; with idle ones the \
      scan moves there, and what remains is its share of caches and disk. A copy on another \
      machine takes the processor time away in rows too, and the shop still pays for the outbox: \
      an entry for each change, in its transactions. A long read also keeps SQLite's log from \
      being reused, and PostgreSQL's vacuum from cleaning up. Columns are for sums over many rows: \
      one whole order is slower from them (`storage/row-column`). Groups have to be packed again \
      when the rows have become many.
      """,
    diagram: """
      flowchart LR
        s["shop, one processor"]
        s --> p["analysts on its database, {point}: {on its database}"]
        s -- "outbox" --> r["copy in rows: {copy in rows}"]
        s -- "outbox" --> c["packed columns: {copy in columns}"]
        p -- "{speedup}" --> c
      """,
    // A scan of 27,000 delays about one request in ten: the percentile would be on its edge.
    sweep: .count(
      "order lines", [54_000, 81_000], smoke: 9_000, label: { "\($0 / 1_000) thousand lines" }),
    metric: .percentile(90, of: "response", unit: .nanoseconds),
    signals: [
      "analysts' query", "staleness of the copy", "processor time of the analysts",
      "failed requests",
    ],
    needs: [.cores(2), .storage(bytes: 5 * AnalysedShop.bytes)],
    tolerates: loadTolerates,
    isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: 1, each: "load") },
    variants: [
      variant("on its database", shows: "primary", primary),
      variant("copy in rows", shows: "rows", rows),
      variant("copy in columns", shows: "columns", columns),
    ],
    headline: DeclaredHeadline(value: 81_000, variant: "copy in columns"))
}

private func variant(
  _ name: String, shows: String, _ asked: @escaping @Sendable (String) throws -> AskedLines
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try AnalysedShop($0, asked) }, report: { $0.report },
    observe: { $0.responses.taken() }, run: { $0.serve() })
}

@Sendable private func primary(_ shop: String) throws -> AskedLines {
  AskedLines(lines: try LinesInRows(at: shop), follows: nil)
}

@Sendable private func rows(_ shop: String) throws -> AskedLines {
  let feed = try LinesFeed(from: shop)
  let copy = try LinesInRows(copying: feed.all(), to: "\(shop)/copy")
  return AskedLines(lines: copy, follows: feed)
}

@Sendable private func columns(_ shop: String) throws -> AskedLines {
  let feed = try LinesFeed(from: shop)
  let copy = try LinesInColumns(copying: feed.all(), to: "\(shop)/copy")
  return AskedLines(lines: copy, follows: feed)
}
