import Glibc
import Harness
import Results
import Simulation

extension Experiment {
  /// Many requests for keys that are just not there.
  static let requestCoalescing = Experiment(
    id: "scale/request-coalescing",
    title: "All misses go on → one per key, the others wait for it",
    slot: "scale/100m/cdn",
    claim: """
      After an edge with 2,000 requests per second for 200 keys has lost its cache, letting one \
      miss per key through saves half of the fetches if one takes 200 ms, and 92% if it takes a \
      second and the copies overload the origin; with 10 ms it saves 8%.
      """,
    mechanism: """
      A key with λ requests per second and a fetch of L seconds is asked for 1 + λ L times before \
      the first answer is there. By Zipf's law a few keys have most of that. The formula is too \
      high as long as the origin has room: of several copies the first to return ends it, sooner \
      than a mean fetch. It is too low where the copies fill the origin: then L grows with them, \
      and more come.
      """,
    limits: """
      Those who wait share the fate of the one that went: a slow or failed fetch fails them all, \
      so that it needs a time-out of its own. Keys that differ for each user can't be shared. \
      Several edges ask once each (scale/origin-shield).
      """,
    diagram: drawing(of: [
      "all misses": edge(fetch: 0.1, coalesces: false),
      "one per key": edge(fetch: 0.1, coalesces: true),
    ]),
    sweep: .count("fetch", [10, 50, 200, 1_000], smoke: 50, label: { "fetch of \($0) ms" }),
    metric: .reported("fetches in ten seconds", unit: .count, lowerIsBetter: true),
    signals: ["p99 response time", "answered"],
    work: { _ in Work(elements: rate * 10, each: "request") },
    variants: [
      variant("all misses", coalesces: false), variant("one per key", coalesces: true),
    ],
    model: { question in
      let fetch = Double(question.value) / 1_000
      let keys = CacheTheory(zipf: keyCount, exponent: 1)
      let sum = keys.rates.reduce(0, +)
      // Keys that are asked for at all in ten seconds; and the copies of their first fetch.
      let asked = keys.rates.reduce(0) { $0 + 1 - exp(-10 * rate * $1 / sum) }
      let copies = keys.rates.reduce(0) { $0 + min(10, fetch) * rate * $1 / sum }
      return Model(
        Term<Pure>.exactly(asked).named("keys that are asked for")
          + Term<Pure>.exactly(question.isBaseline ? copies : 0).named("copies during a fetch"),
        per: .metric)
    })
}

private let (keyCount, rate) = (200, 2_000.0)

/// An edge that begins without content, and an origin that fetches 100 things at a time.
private func edge(fetch: Double, coalesces: Bool) -> System {
  let origin = Tier("origin", servers: 100, service: .exponential(mean: .seconds(fetch)))
  let cache = Cache("edge", slots: keyCount, coalesces: coalesces)
  return System {
    Source(
      "users", .poisson(perSecond: rate), keys: .zipf(keyCount, exponent: 1),
      to: cache.missing(origin).timeout(after: .seconds(10)))
  }
}

private func variant(_ name: String, coalesces: Bool) -> Variant {
  Variant(system: name, shows: ["edge"]) { point in
    SimulatedSystem(
      system: edge(fetch: Double(point.value) / 1_000, coalesces: coalesces),
      time: .seconds(10), warmUp: .zero)
  } figures: { outcome in
    [
      "fetches in ten seconds": Counter(Double(outcome.tier("origin").arrivals), unit: .count),
      "p99 response time": .seconds(outcome["users"].response.percentile(99)),
      "answered": .share(outcome["users"].successShare),
    ]
  }
}
