import Harness
import LoadBenches
import Results
import Shop
import Statistics
import Systems

extension Experiment {
  /// A limit of 100 database connections, which requests keep to their end or for a query.
  static let connectionExhaustion = Experiment(
    id: "scale/connection-exhaustion",
    title: "A database connection for a whole request → for each query",
    slot: "scale/10k/connections",
    claim: """
      With a limit of 100 database connections and a request per user and second, the Shop breaks \
      at 2,000 users where a request keeps its connection while it waits for another service, \
      although the database is idle; with a connection per query the same limit carries many times \
      the users.
      """,
    mechanism: """
      By Little's law the connections in use are the requests per second times the time that each \
      keeps one. A page's query takes 2 ms, the carrier that the page then asks 48 ms: {point} need \
      a twentieth of their number in connections, or a five-hundredth. A server that has no \
      connection left refuses, as PostgreSQL does; what it refuses is Erlang's formula B for 100 \
      places. It holds for any distribution of the times.
      """,
    limits: """
      The Shop's database is SQLite, whose queries wait 2 ms as if it were on another machine, and \
      its pooler is its own. PgBouncer pools transactions before a PostgreSQL server of a hundred \
      connections, whose query sleeps 2 ms; it has requests wait where PostgreSQL would refuse. A \
      connection per query gives up what belongs to a session: transactions across calls, \
      temporary tables, advisory locks. Pooling a limit of a hundred moves the limit elsewhere: at \
      some load the database itself is busy.
      """,
    diagram: """
      flowchart LR
        u["{point}"] --> b["query, carrier"] -- "50 ms each" --> d0["100 connections: {for a request}"]
        u --> a["query"] -- "2 ms each" --> d1["100 connections: {for a query}"]
        d0 -- "{speedup}" --> d1
        a -- "2 ms each" --> g["PgBouncer, 90 connections to PostgreSQL: {PgBouncer}"]
      """,
    sweep: .count(
      "users", [1_000, 2_000, 3_000], smoke: 1_000, label: { "\($0 / 1_000),000 users" }),
    metric: .share("served requests", lowerIsBetter: false),
    signals: ["errors per 1,000 requests", "response (p99)"],
    needs: [.cores(2), .descriptors(4_096), .storage(bytes: 4 * ShopBench.needed)],
    tolerates: loadTolerates, isMirrored: false, isRehearsed: false,
    work: { _ in Work(elements: 1, each: "window") },
    variants: [
      variant("for a request", "kept", kept), variant("for a query", "returned", returned),
      Variant(
        "PgBouncer", isReference: true, shows: ["pooled"], needs: PooledQueries.needs,
        prepare: pooled, report: { $0.report }, run: { queries in orEnd { try queries.visit() } }),
    ],
    headline: DeclaredHeadline(value: 3_000, variant: "for a query"),
    model: { question in
      let each = question.isBaseline ? query + carrier : query
      let refused = Erlang.blocking(servers: limit, load: Double(question.value) * each)
      return Model(
        Term<Percent>.exactly(100 * (1 - refused)).named("100% − Erlang B"), per: .metric)
    })
}

private let limit = 100
/// Seconds.
private let (query, carrier, warmUp, window) = (0.002, 0.048, 0.08, 0.2)

@Sendable private func kept(_ settings: inout ShopSettings) { settings.keepsConnection = true }

@Sendable private func returned(_ settings: inout ShopSettings) { settings.keepsConnection = false }

private func variant(
  _ name: String, _ shows: String, _ change: @escaping @Sendable (inout ShopSettings) -> Void
) -> Variant {
  Variant(
    name, shows: [shows],
    prepare: { point in
      let bench = try ShopBench(point, ["/products/17"], users: 400) { settings in
        (settings.readers, settings.poolPatience, settings.workers) = (limit, 0, 300)
        settings.databaseTime = .constant(query * 1e9)
        settings.deliveryTime = .constant(carrier * 1e9)
        change(&settings)
      }
      return Crowd(bench, users: point.value, seed: point.seed)
    }, report: { crowd in crowd.bench.report }, run: { (crowd: Crowd) in crowd.visit() })
}

/// 400 threads with a connection to PgBouncer each, which has 90 of PostgreSQL's 100.
@Sendable private func pooled(_ point: Point) throws -> PooledQueries {
  try PooledQueries(
    point, threads: 400, limit: limit - 10, users: point.value,
    PooledQueries.Times(query: query, carrier: carrier, warmUp: warmUp, window: window))
}

/// Users who send a request per second each.
private final class Crowd {
  let bench: ShopBench
  private let rate: Double
  private let seed: UInt64

  init(_ bench: ShopBench, users: Int, seed: UInt64) {
    self.bench = bench
    self.seed = seed
    rate = Double(ShopBench.isMeasuring ? users : users / 20)
  }

  /// Returns 0 where all responses that are pages are the same page.
  func visit() -> UInt64 {
    let (result, seen) = bench.serve(
      .poisson(rate: rate, seconds: warmUp + window, seed: seed), warmUp: warmUp)
    let all = Double(max(1, seen.served + seen.refused))
    bench.report = [
      "served requests": .share(Double(seen.served) / all),
      "errors per 1,000 requests": Counter(1_000 * Double(seen.refused) / all, unit: .count),
      "response (p99)": Counter(Double(result.latency(at: 0.99) ?? 0), unit: .nanoseconds),
    ]
    return seen.differing
  }
}
