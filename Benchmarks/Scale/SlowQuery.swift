import Databases
import Harness
import Platform
import Results
import Shop

extension Experiment {
  /// Searches without an index and with it, in a Shop that does nothing else.
  static let slowQuery = Experiment(
    id: "scale/slow-query",
    title: "A missing index under load → an index",
    slot: "scale/10k/degradation",
    claim: """
      A search without its index scans all words of the catalogue; with 1,000 products it costs \
      the Shop a few times its capacity, with 10,000 more than ten times, and the gap grows with \
      every product.
      """,
    mechanism: """
      Visitors without think time saturate the Shop, so that the time per request is the inverse \
      of its capacity. A title has three words, so that the scan reads three rows per product and \
      compares a text in each. The index finds the first twenty matches in their order and stops. \
      The rest of a request is the same: parsing, a thread's turn, the response. The capacity \
      with the index does not depend on the number of products.
      """,
    limits: """
      The database is in the Shop's own process and in memory: over a network the scan is the same \
      and the rest is longer, so that the ratio is smaller. On a disk it is larger. The Shop has one \
      processor; the visitors run on another one.
      """,
    diagram: """
      flowchart LR
        subgraph before["scan: {no index}"]
          direction LR
          q0["search"] --> s0["every word of {point}"] --> r0["20 products"]
        end
        subgraph after["index: {index}"]
          direction LR
          q1["search"] --> s1["20 entries"] --> r1["20 products"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "products", [1_000, 10_000], smoke: 1_000,
      label: { $0 == 1_000 ? "1,000 products" : "10,000 products" }),
    signals: ["rows scanned per request", "response (p99)"],
    needs: [.cores(2), .storage(bytes: 4 * ShopBench.needed)],
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(requests), each: "search") },
    variants: [
      searches("no index", "missing", missing), searches("index", "indexed", indexed),
    ],
    demands: Demands { point in
      let bench = try ShopBench(point, ShopPaths.searches) { $0.data = size(point.value) }
      return ["search with an index": try bench.demand(), "row scanned": try bench.rowTime()]
    },
    headline: DeclaredHeadline(value: 10_000, variant: "index"),
    model: { question throws(MissingNumber) in
      guard let search = question.demand("search with an index"),
        let row = question.demand("row scanned")
      else { return nil }
      guard question.isBaseline else { return Model(search) }
      let data = size(question.value)
      let product = try question.time("sqlite.get")
      return Model(
        search + (Double(data.words) * row).named("rows scanned")
          + (Double(data.matches) * product).named(
            "products of the matches", because: "All are looked up, and then sorted."))
    })
}

/// Of a call: a scan takes long.
private let requests = ShopBench.requests / 5

private func searches(
  _ name: String, _ shows: String, _ change: @escaping @Sendable (inout ShopSettings, Int) -> Void
) -> Variant {
  Variant(
    shop: name, shows: shows, requests: requests, paths: { _ in ShopPaths.searches }, change)
}

@Sendable private func missing(_ settings: inout ShopSettings, _ products: Int) {
  settings.data = size(products)
  settings.sicknesses = [.missingIndex]
}

@Sendable private func indexed(_ settings: inout ShopSettings, _ products: Int) {
  settings.data = size(products)
}

@Sendable private func size(_ products: Int) -> DataSize { products == 1_000 ? .small : .medium }

extension ShopBench {
  /// Nanoseconds of passing a row of the table of words that does not match, past the Shop.
  fileprivate func rowTime() throws -> Double {
    let database = try SQLiteDatabase(
      .file(databasePath), SQLiteSettings(cacheBytes: 16 << 20, journal: .wal))
    let rows = try database.integer("SELECT count(*) FROM words") ?? 1
    let statement = try database.prepare(
      "SELECT count(*) FROM words NOT INDEXED WHERE word = ? AND product > 0")
    try statement.bind("none", at: 1)
    let passes = SmokeRun.isThis ? 1 : 20
    _ = try statement.step()
    let start = Clock.now()
    for _ in 0..<passes {
      statement.reset()
      _ = try statement.step()
    }
    return Double(Clock.now() - start) / Double(passes * rows)
  }
}
