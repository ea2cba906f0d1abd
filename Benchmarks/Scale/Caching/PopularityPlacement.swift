import Glibc
import Harness
import Results
import Simulation

extension Experiment {
  /// Edges in one place that each hold what is popular, or share it out.
  static let popularityPlacement = Experiment(
    id: "scale/popularity-placement",
    title: "Every edge holds what is popular → each thing on one edge",
    slot: "scale/100m/cdn",
    claim: """
      Ten edges that share the content by its name send 20% of the requests to the origin, ten \
      copies of the popular content in the same memory 65%; but at 70% load their p99 is six times \
      as long, since one edge has the most popular thing for itself.
      """,
    mechanism: """
      Ten edges with 1,000 places each and random routing hold the same 1,000 things ten times. \
      Routed by name they hold 10,000 different ones, half of all, and by Che's approximation a \
      third of the misses. The load follows the names: the edge of the most popular thing has 3% \
      of all requests on top of its tenth of the others. The mean says 60% load; that edge is near \
      its capacity.
      """,
    limits: """
      Copies of the few most popular things on all edges keep most of the memory and even the load \
      (scale/hot-key). An edge that fails loses its things, and the others get its requests cold. \
      Routing by name needs a balancer that reads it, or one more hop between the edges.
      """,
    diagram: drawing(of: [
      "everywhere": edges(.random, load: 0.6), "by name": edges(.hash, load: 0.6),
    ]),
    sweep: .count("load", [20, 40, 60, 70], smoke: 40, label: { "\($0) % load" }),
    metric: .share("requests to the origin", lowerIsBetter: true),
    signals: ["p99 at the edge"],
    work: { _ in Work(elements: requests, each: "request") },
    variants: [variant("everywhere", .random), variant("by name", .hash)],
    uncertain: [.webPopularity],
    headline: DeclaredHeadline(value: 60, variant: "by name"),
    model: { question in
      let keys = CacheTheory(zipf: keyCount, exponent: 0.8)
      let places = question.isBaseline ? 1_000 : 10_000
      return Model(
        Term<Percent>.exactly(100 * (1 - keys.hitRatio(slots: places)))
          .named("things without a place (Che)"), per: .metric)
    })
}

private let (keyCount, requests) = (20_000, 40_000.0)

/// Ten edges of 100 requests per second; the origin's time is not the edge's.
private func edges(
  _ balancer: Tier.Balancer, load: Double,
  exponent: Double = UncertainInput.webPopularity.estimate
) -> System {
  let edges = Tier(
    "edges", replicas: 10, service: .exponential(mean: .milliseconds(10)), balancer: balancer)
  let cache = Cache("cache", slots: 1_000, isPerReplica: true)
  let origin = Tier("origin", servers: 10_000, service: .none)
  return System {
    Source(
      "users", .poisson(perSecond: 1_000 * load), keys: .zipf(keyCount, exponent: exponent),
      to: edges.calling(cache.missing(origin)))
  }
}

private func variant(_ name: String, _ balancer: Tier.Balancer) -> Variant {
  Variant(system: name, shows: ["edges"]) { point in
    let rate = 10 * Double(point.value)
    return SimulatedSystem(
      system: edges(
        balancer, load: Double(point.value) / 100, exponent: point[.webPopularity]),
      time: .seconds(2 * requests / rate), warmUp: .seconds(requests / rate))
  } figures: { outcome in
    let users = outcome["users"]
    return [
      "requests to the origin": .share(
        Double(outcome.tier("origin").arrivals) / Double(users.arrived)),
      "p99 at the edge": .seconds(users.response.percentile(99)),
    ]
  }
}
