import Glibc
import Harness
import Results
import Simulation

extension Experiment {
  /// Four servers with a cache each that a deployment empties.
  static let coldCache = Experiment(
    id: "scale/cold-cache",
    title: "Deploy to all servers at once → to one after the other",
    slot: "scale/1m/caching",
    claim: """
      A deployment that empties the caches of all four servers at once overloads the database if \
      it is more than 60% busy before: at 70% the p99 is a second instead of 130 ms. Server by \
      server it is hardly noticed up to 70%, and at 85% it is half a second instead of four.
      """,
    mechanism: """
      With a hit ratio h the database gets 1 ÷ (1 − h) times its load from empty caches: here \
      twice. Whether that matters depends on how long it lasts. A cache is warm after about slots \
      ÷ (requests per second) ÷ miss ratio, and meanwhile a queue builds up that drains only by \
      the capacity that is left when all caches are warm again: at 80% load by a fifth of it. One \
      server after the other adds a quarter of the extra misses at a time.
      """,
    limits: """
      The pause between two servers must be longer than a cache takes to warm. Reading the popular \
      keys before the server is in the balancer again needs no pause (scale/stampede is about one \
      key only). A cache in a process of its own survives a deployment. Servers that wait for the \
      database hold their connections meanwhile.
      """,
    diagram: drawing(of: [
      "all at once": shop(load: 0.7, pause: 0), "one after the other": shop(load: 0.7, pause: 15),
    ]),
    sweep: .count("load", [40, 50, 60, 70, 85], smoke: 50, label: { "\($0) % database load" }),
    metric: .reported("p99 response time", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["mean response time"],
    work: { _ in Work(elements: rate * 60, each: "request") },
    variants: [
      variant("all at once", pause: 0), variant("one after the other", pause: 15),
    ],
    uncertain: [.webPopularity],
    headline: DeclaredHeadline(value: 70, variant: "one after the other"),
    model: { question in
      let load = Double(question.value) / 100
      let (seconds, share) = question.isBaseline ? (60, 1.0) : (15, 0.25)
      let time = Time.exactly(1e9 * load * 20 / (rate * steadyMisses))
      return Model(
        (log(100 * steadyMisses) * time).named("database, at the p99 of all requests")
          + Time.exactly(1e9 * longestQueue(load: load, share: share, seconds: seconds))
          .named("longest queue"), per: .metric)
    })
}

private let (keyCount, slots, rate) = (10_000, 2_000, 1_000.0)
private let usual = UncertainInput.webPopularity.estimate
private let keys = CacheTheory(zipf: keyCount, exponent: usual)
private let steadyMisses = misses(at: usual)

/// Of a warm cache, where Zipf's law has this exponent.
private func misses(at exponent: Double) -> Double {
  1 - CacheTheory(zipf: keyCount, exponent: exponent, grouping: 0.01).hitRatio(slots: slots)
}

/// Seconds of work that pile up while a share of the caches warms: a key is missed as long as its
/// server has not been asked for it, e^(−λ t) of the time. Servers share the requests.
private func longestQueue(load: Double, share: Double, seconds: Int) -> Double {
  let sum = keys.rates.reduce(0, +)
  var (queue, longest) = (0.0, 0.0)
  for second in 0..<seconds {
    let cold = keys.rates.reduce(0) {
      $0 + $1 / sum * exp(-rate / 4 * $1 / sum * (Double(second) + 0.5))
    }
    let misses = (1 - share) * steadyMisses + share * max(cold, steadyMisses)
    queue = max(0, queue + load * misses / steadyMisses - 1)
    longest = max(longest, queue)
  }
  return longest
}

/// The database is busy with a share `load` once the caches are warm. The caches are emptied from
/// 40 s on, with a pause in seconds between them.
private func shop(load: Double, pause: Double, exponent: Double = usual) -> System {
  let misses = exponent == usual ? steadyMisses : misses(at: exponent)
  let database = Tier(
    "database", servers: 20,
    service: .exponential(mean: .seconds(20 * load / (rate * misses))))
  let servers = (0..<4).map { server -> Route in
    let cache = Cache(
      "cache \(server + 1)", slots: slots, emptied: [.seconds(40 + pause * Double(server))])
    return cache.missing(database)
  }
  return System {
    Source(
      "users", .poisson(perSecond: rate), keys: .zipf(keyCount, exponent: exponent),
      to: Route.choice("server", servers.map { (weight: 1, to: $0 as any Routable) }))
  }
}

private func variant(_ name: String, pause: Double) -> Variant {
  Variant(system: name, shows: ["shop"]) { point in
    SimulatedSystem(
      system: shop(
        load: Double(point.value) / 100, pause: pause, exponent: point[.webPopularity]),
      time: .seconds(100), warmUp: .seconds(40))
  } figures: { outcome in
    [
      "p99 response time": .seconds(outcome["users"].response.percentile(99)),
      "mean response time": .seconds(outcome["users"].response.mean),
    ]
  }
}
