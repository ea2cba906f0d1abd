import CitedData
import Harness
import Results
import Simulation

extension Experiment {
  /// A query that needs one shard, sent to all of them or to the right one.
  static let scatterGather = Experiment(
    id: "scale/scatter-gather",
    title: "Ask all shards → ask the shard that an index names",
    slot: "scale/100m/sharding",
    claim: """
      A query of all of 100 shards has twice the p99 of a query of one shard and needs a \
      hundred times the work; over four shards its p99 is longer by a half.
      """,
    mechanism: """
      The response waits for the slowest shard. Of 100 shards each must be below its own p99.99 for \
      the query to be below its p99: the tail of one shard becomes the common case of the query. The \
      p99 grows with the logarithm of the number of shards, by ln(n) mean responses of a shard.
      """,
    limits: """
      Other work loads each shard by 45% here, and the queries by 5% where they go to all. Where such \
      queries cause most of the load, asking one shard also shortens the queues. An index by the other key has to be \
      kept up to date by every write. A time-out that returns partial results, or a second replica \
      for late shards (network/hedging), shortens the tail where all shards have to be asked.
      """,
    diagram: drawing(of: [
      "all shards": shards(4, asksAll: true), "one shard": shards(4, asksAll: false),
    ]),
    sweep: .count("shards", [4, 16, 100], smoke: 4, label: { "\($0) shards" }),
    metric: .reported("p99 response time", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["mean response time"],
    work: { _ in Work(elements: queries, each: "query") },
    variants: [
      variant("all shards", asksAll: true), variant("one shard", asksAll: false),
    ],
    uncertain: [load, .serviceVariation],
    headline: DeclaredHeadline(value: 100, variant: "one shard"),
    model: { question in
      let count = question.isBaseline ? question.value : 1
      let load = load.estimate + 0.05 * Double(count) / Double(question.value)
      // M/M/1: responses are exponential with a mean of 1 ms ÷ (1 − load).
      let time = Percentile.ofLongest(count) / (1 - load)
      return Model((time * Time.exactly(1e6)).named("slowest shard"), per: .metric)
    })
}

private let queries = 1_000.0
private let load = UncertainInput("load.server", named: "load of a shard by other work")

/// Shards of 1,000 requests per second, with 50 queries per second among them, and with other work.
private func shards(
  _ count: Int, asksAll: Bool, load: Double = load.estimate, variation: Double = 1
) -> System {
  let tiers = (1...count).map {
    Tier("shard \($0)", service: .varying(mean: .milliseconds(1), by: variation))
  }
  return System {
    Source(
      "queries", .poisson(perSecond: 50),
      to: asksAll ? Route.parallel(tiers) : Route.choice("by index", tiers.map { (1, $0) }))
    Source(
      "others", .poisson(perSecond: 1_000 * load * Double(count)),
      to: Route.choice("others", tiers.map { (1, $0) }))
  }
}

private func variant(_ name: String, asksAll: Bool) -> Variant {
  Variant(system: name, shows: ["shards"]) { point in
    SimulatedSystem(
      system: shards(
        point.value, asksAll: asksAll, load: point[load], variation: point[.serviceVariation]),
      time: .seconds(queries / 50 + 1), warmUp: .seconds(1))
  } figures: { outcome in
    [
      "p99 response time": .seconds(outcome["queries"].response.percentile(99)),
      "mean response time": .seconds(outcome["queries"].response.mean),
    ]
  }
}
