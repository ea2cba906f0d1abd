import Databases
import Harness
import Platform
import Results
import Shop

extension Experiment {
  /// A database connection that each request opens, or that it borrows.
  static let connectionPerRequest = Experiment(
    id: "scale/connection-per-request",
    title: "A database connection per request → a pool",
    slot: "scale/10k/monolith",
    claim: """
      Even where the database is in the same process, a connection per request costs more processor \
      time than the rest of a product page together: opening reads the schema, and the first query \
      has to be parsed and planned again.
      """,
    mechanism: """
      Visitors without think time saturate the Shop with product pages, so that the time per request \
      is the inverse of its capacity. SQLite opens a file, maps the write-ahead log's index, reads \
      and parses the whole schema, sets four options, and compiles the query. A connection of a pool \
      has done all of this once, and keeps the compiled query and a warm page cache. The formula adds \
      what a connection costs that is opened right after another one. Between requests, with other \
      threads' work on the same processor, it costs more, most with a single worker.
      """,
    limits: """
      A server on the other side of a network adds round trips, a process or thread and a log-in to \
      each connection: there the pool saves milliseconds. A pool must be sized, and its connections \
      can be broken when they are borrowed.
      """,
    diagram: """
      flowchart LR
        subgraph before["a connection per request: {a connection per request}"]
          direction LR
          r0["request"] --> o0["open, read the schema"] --> p0["parse"] --> q0["query"] --> c0["close"]
        end
        subgraph after["pool: {pool}"]
          direction LR
          r1["request"] --> b1["borrow"] --> q1["query"]
        end
        before -- "{speedup}" --> after
      """,
    sweep: .count(
      "workers", [1, 8], smoke: 8, label: { $0 == 1 ? "one worker" : "\($0) workers" }),
    signals: ["response (p99)"],
    needs: [.cores(2), .storage(bytes: 4 * ShopBench.needed)],
    tolerates: [.preempted],
    work: { _ in Work(elements: Double(ShopBench.requests), each: "request") },
    variants: [
      Variant(
        shop: "a connection per request", shows: "opening", paths: { _ in ShopPaths.products },
        opening),
      Variant(shop: "pool", shows: "pooled", paths: { _ in ShopPaths.products }, pooled),
    ],
    demands: Demands { point in
      let bench = try ShopBench(point, ShopPaths.products) { $0.workers = point.value }
      return [
        "page with a pool": try bench.demand(), "connection": try bench.connectionTime(),
      ]
    },
    model: { question throws(MissingNumber) in
      guard let page = question.demand("page with a pool"),
        let connection = question.demand("connection")
      else { return nil }
      return Model(question.isBaseline ? page + connection : page)
    })
}

@Sendable private func opening(_ settings: inout ShopSettings, _ workers: Int) {
  settings.workers = workers
  settings.sicknesses = [.connectionPerRequest]
}

@Sendable private func pooled(_ settings: inout ShopSettings, _ workers: Int) {
  settings.workers = workers
}

extension ShopBench {
  /// Nanoseconds of opening a connection to its database, a first query, and closing.
  func connectionTime() throws -> Double {
    let count = SmokeRun.isThis ? 2 : 200
    let settings = SQLiteSettings(
      cacheBytes: 16 << 20, journal: .wal, synchronous: .normal, patience: 2)
    let start = Clock.now()
    for _ in 0..<count {
      let database = try SQLiteDatabase(.file(databasePath), settings)
      let statement = try database.prepare(
        "SELECT name, price, stock, image, description FROM products WHERE id = ?")
      try statement.bind(17, at: 1)
      _ = try statement.step()
    }
    return Double(Clock.now() - start) / Double(count)
  }
}
