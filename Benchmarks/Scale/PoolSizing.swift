import Harness
import Results
import Shop
import Statistics

extension Experiment {
  /// Connections for writing to a database that has one writer at a time.
  static let poolSizing = Experiment(
    id: "scale/pool-sizing",
    title: "A pool as large as allowed → one connection for the one writer",
    slot: "scale/10k/connections",
    claim: """
      More connections for writing to SQLite than one gain nothing: the file has one writer at a time, \
      so that throughput is the same or up to a third lower with any number from 2 to 16. What more \
      connections change is where requests wait: in SQLite's polling and not in the pool's queue.
      """,
    mechanism: """
      32 workers add to carts through a pool; the file has one lock for writing. Who finds it taken \
      sleeps 1 ms, then 2, 5, 10 and up to 100 ms, and tries again (SQLite's busy handler). Meanwhile \
      the lock is often free and nobody takes it, and whoever has waited longest sleeps longest. The \
      universal scalability law, n ÷ (1 + σ (n − 1) + κ n (n − 1)), is fitted to pools of 1, 4 and \
      32 connections before the measurement, and predicts the other sizes.
      """,
    limits: """
      SQLite is an extreme: σ is 1. A server that writes in parallel gains up to some times its \
      cores, and then loses by context switches and its own locks. Readers of SQLite do not block \
      one another. The law is a smooth curve; where the loss comes from sleeping, the measured one \
      has steps.
      """,
    diagram: """
      flowchart LR
        w["32 workers"] -- "poll" --> l["{point}: {as large as allowed}"] --> d["one lock"]
        w -- "queue" --> k["one connection: {one connection}"] --> d
        l -- "{speedup}" --> k
      """,
    sweep: .count(
      "connections", [2, 8, 16], smoke: 2, label: { "\($0) connections" }),
    signals: ["response (p99)"],
    needs: [.cores(2), .storage(bytes: 5 * ShopBench.needed)],
    tolerates: [.preempted], isMirrored: false,
    work: { _ in Work(elements: Double(ShopBench.requests), each: "write") },
    variants: [
      variant("as large as allowed", "largest", largest),
      variant("one connection", "single", single),
    ],
    demands: Demands { point in
      var times: [String: Double] = [:]
      for size in fittedSizes {
        let bench = try writers(point) { settings, _ in settings.writers = size }
        _ = bench.serve()
        times["write with \(size)"] = bench.timedServe()
      }
      return times
    },
    headline: DeclaredHeadline(value: 16, variant: "one connection"),
    model: { question throws(MissingNumber) in
      let times = fittedSizes.compactMap { question.demand("write with \($0)") }
      guard times.count == fittedSizes.count else { return nil }
      let size = question.isBaseline ? question.value : 1
      // In units of the time with one connection, so that the law keeps the intervals of its inputs.
      let law = Ratio.function("USL(\(size))", of: times[1] / times[0], times[2] / times[0]) {
        let rates = zip(fittedSizes, [1, 1 / $0, 1 / $1]).map { (count: Double($0), rate: $1) }
        return 1 / (ScalabilityLaw(through: rates)?.rate(Double(size)) ?? 1)
      }
      return Model((law * times[0]).named("a write by the fitted law"))
    })
}

private let workers = 32
private let fittedSizes = [1, 4, workers]

@Sendable private func largest(_ settings: inout ShopSettings, _ size: Int) {
  settings.writers = size
}

@Sendable private func single(_ settings: inout ShopSettings, _: Int) { settings.writers = 1 }

private func variant(
  _ name: String, _ shows: String,
  _ change: @escaping @Sendable (inout ShopSettings, Int) -> Void
) -> Variant {
  Variant(
    name, shows: [shows], prepare: { try writers($0, change) },
    report: { $0.report }, run: { $0.serve() })
}

/// A Shop to whose carts as many users add as it has workers.
private func writers(
  _ point: Point, _ change: (inout ShopSettings, Int) -> Void
) throws -> ShopBench {
  try ShopBench(point, users: workers) { shop in
    PathsProtocol(cartsOf: try (0..<workers).map { _ in try shop.openSession() })
  } _: { settings in
    settings.workers = workers
    change(&settings, point.value)
  }
}
