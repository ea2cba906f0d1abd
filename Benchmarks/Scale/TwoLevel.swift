import Harness
import Results
import Simulation

extension Experiment {
  /// A small cache in each server before the cache that they share.
  static let twoLevel = Experiment(
    id: "scale/two-level",
    title: "A shared cache → a near cache in each server before it",
    slot: "scale/1m/caching",
    claim: """
      A near cache of 1% of the keys takes a fifth of the load off the shared cache; the shared \
      cache's own hit ratio falls by ten points, and the database gets as many requests as before.
      """,
    mechanism: """
      The near cache answers the popular keys. What it lets through is asked for more evenly, so that \
      the shared cache finds less of it. Che's approximation gives both: the near cache by the \
      popularity of the keys, the shared one by what the near caches miss. The database gains nothing: \
      the keys of the near caches are among those that the shared cache would hold.
      """,
    limits: """
      Keys are read only. Each near cache may hold an old value until it expires, so that a write \
      has to reach all of them. The approximation takes what the near caches miss as independent \
      requests, which it is not: a key that was missed is not missed again for a while.
      """,
    diagram: drawing(of: ["shared only": caches(near: nil), "near and shared": caches(near: 1_000)]
    ),
    sweep: .count(
      "slots of a near cache", [100, 300, 1_000, 3_000], smoke: 100,
      label: { "\($0) near slots" }),
    metric: .reported("load of the shared cache", unit: .operationsPerSecond, lowerIsBetter: true),
    signals: ["hit ratio of the shared cache", "requests that reach the database"],
    work: { _ in Work(elements: requests, each: "request") },
    variants: [
      Variant(system: "shared only", shows: ["caches"]) {
        simulated(caches(near: nil, exponent: $0[.webPopularity]))
      } figures: {
        figures($0)
      },
      Variant(system: "near and shared", shows: ["caches"]) {
        simulated(caches(near: $0.value, exponent: $0[.webPopularity]))
      } figures: {
        figures($0)
      },
    ],
    uncertain: [.webPopularity],
    model: { question in
      let keys = CacheTheory(zipf: keyCount, exponent: 0.8)
      let passed = question.isBaseline ? 1 : 1 - keys.hitRatio(slots: question.value)
      return Model(
        Term<PerSecond>.exactly(rate * passed).named("misses of the near caches (Che)"),
        per: .metric)
    })
}

private let keyCount = 100_000
private let rate = 1_000.0
private let requests = 50_000.0

/// Four servers share a cache of a fifth of the keys.
private func caches(
  near: Int?, exponent: Double = UncertainInput.webPopularity.estimate
) -> System {
  let servers = Tier(
    "servers", replicas: 4, servers: 100, service: .exactly(.milliseconds(1)),
    balancer: .random)
  let shared = Cache("shared", slots: 20_000)
    .missing(Tier("database", servers: 1_000, service: .exactly(.milliseconds(10))))
  let all = near.map { Cache("near", slots: $0, isPerReplica: true).missing(shared) } ?? shared
  return System {
    Source(
      "users", .poisson(perSecond: rate), keys: .zipf(keyCount, exponent: exponent),
      to: servers.calling(all))
  }
}

private func simulated(_ system: System) -> SimulatedSystem {
  // The shared cache is full after some 100,000 requests.
  SimulatedSystem(
    system: system, time: .seconds((requests + 200_000) / rate), warmUp: .seconds(200_000 / rate))
}

private func figures(_ outcome: SystemOutcome) -> [String: Counter] {
  let shared = outcome.cache("shared")
  return [
    "load of the shared cache": Counter(
      Double(shared.hits + shared.misses) / outcome.seconds, unit: .operationsPerSecond),
    "hit ratio of the shared cache": .share(shared.hitRatio),
    "requests that reach the database": .share(
      Double(outcome.tier("database").arrivals) / Double(outcome["users"].arrived)),
  ]
}
