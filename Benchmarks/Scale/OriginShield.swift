import Harness
import Results
import Simulation

extension Experiment {
  /// Caches at the edge that ask the origin, or a cache between.
  static let originShield = Experiment(
    id: "scale/origin-shield",
    title: "Edges ask the origin → a shield between them",
    slot: "scale/100m/cdn",
    claim: """
      A shield of twice an edge's size takes a fifth of the load off the origin behind twenty edges, \
      and only a seventh behind two.
      """,
    mechanism: """
      Each edge misses the same keys for itself, so that the origin is asked for a key once per edge. \
      The shield holds what another edge has asked for. Che's approximation, applied twice, takes the \
      misses of the edges as independent requests; with many edges they nearly are. With few, a key \
      that an edge has just fetched will not be asked for by this edge for a while, and the shield \
      keeps it for nothing: the prediction for two edges is too good.
      """,
    limits: """
      A shield is one more hop for every miss, and one more part that can fail. It adds nothing where \
      the edges hold everything that is asked for more than once. The long tail is never hit: content \
      that is asked for once goes to the origin whatever lies between.
      """,
    diagram: drawing(of: [
      "no shield": edges(20, hasShield: false), "shield": edges(20, hasShield: true),
    ]),
    sweep: .count("edges", [2, 5, 20, 50], smoke: 5, label: { "\($0) edges" }),
    metric: .reported("load of the origin", unit: .operationsPerSecond, lowerIsBetter: true),
    signals: ["hit ratio of the edges", "hit ratio of the shield"],
    work: { _ in Work(elements: requests, each: "request") },
    variants: [false, true].map { hasShield in
      Variant(system: hasShield ? "shield" : "no shield", shows: ["edges"]) { point in
        // As many edges as there are, each fills its cache by itself.
        let warmUp = 5_000 * Double(point.value) + 20_000
        return SimulatedSystem(
          system: edges(point.value, hasShield: hasShield, exponent: point[.webPopularity]),
          time: .seconds((warmUp + requests) / rate), warmUp: .seconds(warmUp / rate))
      } figures: { outcome in
        var figures: [String: Counter] = [
          "load of the origin": Counter(
            Double(outcome.tier("origin").arrivals) / outcome.seconds, unit: .operationsPerSecond),
          "hit ratio of the edges": .share(outcome.cache("edge").hitRatio),
        ]
        if hasShield {
          figures["hit ratio of the shield"] = .share(outcome.cache("shield").hitRatio)
        }
        return figures
      }
    },
    uncertain: [.webPopularity],
    headline: DeclaredHeadline(value: 20, variant: "shield"),
    model: { question in
      let keys = CacheTheory(zipf: keyCount, exponent: 0.8)
      let missed = keys.missed(slots: 1_000)
      let passed = 1 - keys.hitRatio(slots: 1_000)
      let asked = question.isBaseline ? passed : passed * (1 - missed.hitRatio(slots: 2_000))
      return Model(
        Term<PerSecond>.exactly(rate * asked).named("misses (Che)"), per: .metric)
    })
}

private let keyCount = 20_000
private let rate = 10_000.0
private let requests = 50_000.0

/// Edges with a cache of 1,000 keys each; the shield has 2,000.
private func edges(
  _ count: Int, hasShield: Bool, exponent: Double = UncertainInput.webPopularity.estimate
) -> System {
  let edge = Tier(
    "edges", replicas: count, servers: 10_000, service: .exactly(.milliseconds(1)))
  let origin = Tier("origin", servers: 100_000, service: .exactly(.milliseconds(50)))
  let behind = hasShield ? Cache("shield", slots: 2_000).missing(origin) : origin.route
  return System {
    Source(
      "users", .poisson(perSecond: rate), keys: .zipf(keyCount, exponent: exponent),
      to: edge.calling(Cache("edge", slots: 1_000, isPerReplica: true).missing(behind)))
  }
}
