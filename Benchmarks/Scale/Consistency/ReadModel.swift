import Harness
import Results

extension Experiment {
  /// What a customer spent by category: joined at the read, or kept up to date.
  static let readModel = Experiment(
    id: "scale/read-model",
    title: "Join at each read → a table that events keep up to date",
    slot: "scale/100k/read-write",
    claim: """
      Reading what a customer spent from a table that is kept for it takes the same time however \
      many orders there are; joining them takes several times as long for ten orders, and hundreds \
      of times for a thousand.
      """,
    mechanism: """
      The join finds each order of the customer, its five items and their products: eleven \
      look-ups per order. The kept table has a row per category, ten in a row on one page. The \
      work has not gone: each item that is bought raises a row of it. It pays where something is \
      read more often than it is written, and where the read is long. The formula counts rows and \
      takes them as equally expensive: it leaves out what any query costs before its first row, \
      which is most of a read of ten, so that the gain is smaller than predicted.
      """,
    limits: """
      The table is behind by the events that are under way, and has to be rebuilt when its \
      question changes. A lost or doubled event makes it wrong for good (scale/outbox, \
      scale/idempotency). Hot rows of it can limit the writes (scale/celebrity). Everything lies \
      in memory here; from a disk the join is slower still.
      """,
    diagram: """
      flowchart LR
        r["read"]
        r -- "orders, items, products" --> a["join: {join}"]
        r -- "ten rows" --> b["kept table: {kept table}"]
        a -- "{speedup} at {point}" --> b
      """,
    sweep: .count("orders per customer", [10, 100, 1_000], smoke: 10, label: { "\($0) orders" }),
    needs: [.storage(bytes: 64 << 20)],
    work: { _ in Work(elements: Double(PurchaseFiles.customers), each: "read") },
    variants: [
      Variant("join", shows: ["join"], prepare: { try PurchaseFiles($0) }, run: join),
      Variant(
        "kept table", shows: ["keptTable"], prepare: { try PurchaseFiles($0) }, run: keptTable),
    ],
    headline: DeclaredHeadline(value: 100, variant: "kept table"),
    model: { question in
      let rows =
        question.isBaseline
        ? Double(question.value * (1 + 2 * PurchaseFiles.items)) : Double(PurchaseFiles.categories)
      return Model(Ratio.exactly(rows).named("rows that are looked up"), per: .relative)
    })
}

private func join(_ files: PurchaseFiles) -> UInt64 {
  do { return try files.readJoined() } catch { fatalError("a read: \(error)") }
}

private func keptTable(_ files: PurchaseFiles) -> UInt64 {
  do { return try files.readKept() } catch { fatalError("a read: \(error)") }
}
