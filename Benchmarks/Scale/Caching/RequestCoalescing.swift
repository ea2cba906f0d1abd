import Harness
import LoadBenches
import Results
import Simulation

extension Experiment {
  /// Many requests for keys that are just not there.
  static let requestCoalescing = Experiment(
    id: "scale/request-coalescing",
    title: "All misses go on → one per key, the others wait for it",
    slot: "scale/100m/cdn",
    claim: """
      After an edge with 4,000 requests per second for 200 keys has lost its cache, letting one miss \
      per key through saves a twentieth of the fetches of 120 ms if one takes a millisecond, and a third \
      if it takes 20 ms and the copies fill the origin.
      """,
    mechanism: """
      A key with λ requests per second and a fetch of L seconds is asked for 1 + λ L times before \
      the first answer is there. By Zipf's law a few keys have most of that. Of several copies the \
      first to return ends it, sooner than a mean fetch; where the copies fill the origin's twenty \
      places, L grows with them, and more come. Here the edge is a client on one processor, the \
      origin a server behind sockets on the other, which holds each fetch for its time. The \
      prediction is the simulation of that edge and that origin, as the code above declares them.
      """,
    limits: """
      Those who wait share the fate of the one that went: a slow or failed fetch fails them all, \
      so that it needs a time-out of its own. Keys that differ for each user can't be shared. \
      Several edges ask once each (scale/origin-shield). A real edge has ten times the fetch at a \
      tenth of the rate, which is the same but for the scale of time.
      """,
    diagram: drawing(of: [
      "all misses": edge(fetch: 0.005, coalesces: false),
      "one per key": edge(fetch: 0.005, coalesces: true),
    ]),
    sweep: .count("fetch", [5, 20], smoke: 5, label: { "fetch of \($0) ms" }),
    metric: .reported("fetches in the window", unit: .count, lowerIsBetter: true),
    signals: ["p99 response time"],
    needs: [.cores(2), .descriptors(4_096)], tolerates: loadTolerates, isMirrored: false,
    isRehearsed: false,
    work: { _ in Work(elements: EdgeServers.rate * EdgeServers.window, each: "request") },
    variants: [
      variant("all misses", coalesces: false), variant("one per key", coalesces: true),
    ],
    headline: DeclaredHeadline(value: 20, variant: "one per key"),
    model: { question in
      let system = edge(fetch: Double(question.value) / 1_000, coalesces: !question.isBaseline)
      return Model(
        Term<Pure>.simulated("simulated fetches") { seed in
          let outcome = system.run(seed: seed, for: .seconds(EdgeServers.window))
          return Double(outcome.tier("origin").arrivals)
        }, per: .metric)
    })
}

/// An edge that begins without content, and an origin that fetches some things at a time.
private func edge(fetch: Double, coalesces: Bool) -> System {
  let origin = Tier(
    "origin", servers: EdgeServers.places, service: .exponential(mean: .seconds(fetch)))
  let cache = Cache("edge", slots: EdgeServers.keys, coalesces: coalesces)
  return System {
    Source(
      "users", .poisson(perSecond: EdgeServers.rate), keys: .zipf(EdgeServers.keys, exponent: 1),
      to: cache.missing(origin))
  }
}

private func variant(_ name: String, coalesces: Bool) -> Variant {
  Variant(
    load: name, shows: ["edge"], prepare: { try EdgeServers($0) }, observe: nil,
    run: { $0.begin(coalesces: coalesces) })
}
