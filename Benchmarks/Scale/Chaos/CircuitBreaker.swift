import Harness
import Results
import Simulation

extension Experiment {
  /// A dependency of ten shards, some of which hang.
  static let circuitBreaker = Experiment(
    id: "scale/circuit-breaker",
    title: "Wait for dead shards → a breaker for all, a breaker for each",
    slot: "scale/100k/microservices",
    claim: """
      In the minute after two of ten shards die, callers that wait for a time-out of one second \
      answer 60% of the requests instead of 80%, and with four dead shards next to nothing; a \
      breaker for each shard answers what the healthy ones can. One breaker for all shards refuses \
      those too.
      """,
    mechanism: """
      A call to a dead shard holds a thread for the whole time-out: 50 calls per second and dead \
      shard × 1 s are 50 threads of 100. With two dead shards no thread is left for the healthy \
      eight. A breaker answers at once instead, and frees the threads. It has to watch what fails \
      together: one breaker over ten shards sees 20% of failures, below any usual threshold; when \
      it does open, it opens for the healthy shards as well.
      """,
    limits: """
      A breaker that opens at fewer failures turns 10% of failures into 100%. Each shard needs \
      enough calls to be judged: with few of them its breaker opens late. A shorter time-out, or a \
      limit of threads per shard (a bulkhead), protects the healthy shards without judging at all.
      """,
    diagram: drawing(of: [
      "time-out alone": web(dead: 2, .none), "one breaker": web(dead: 2, .forAll),
      "a breaker per shard": web(dead: 2, .forEach),
    ]),
    sweep: .count("dead shards", [1, 2, 4, 6, 8], smoke: 1, label: { "\($0) of 10 dead" }),
    metric: .share("answered in time", lowerIsBetter: false),
    signals: ["refused by a breaker"],
    work: { _ in Work(elements: 60 * 500, each: "request") },
    variants: [
      variant("time-out alone", .none), variant("one breaker", .forAll),
      variant("a breaker per shard", .forEach),
    ],
    headline: DeclaredHeadline(value: 2, variant: "a breaker per shard"),
    model: { question in
      Model(
        Term<Percent>.exactly(100 - 10 * Double(question.value))
          .named("share of healthy shards"), per: .metric)
    })
}

private enum Breaking { case none, forAll, forEach }

/// 500 requests per second need one of ten shards each. Some die after ten seconds and answer
/// nothing; a call gives up after a second, a client after two.
private func web(dead: Int, _ breaking: Breaking) -> System {
  let shards = (1...10).map { number in
    let outage = Outage(at: .seconds(10), for: .seconds(1_000), of: 0..<1, slowdown: 1e6)
    return Tier(
      "shard \(number)", servers: 50, service: .exponential(mean: .milliseconds(10)),
      outages: number <= dead ? [outage] : [])
  }
  let calls = shards.enumerated().map { number, shard -> Route in
    let call = shard.timeout(after: .seconds(1), work: .cancelled)
    return breaking == .forEach ? call.behind(breaker("shard \(number + 1)")) : call
  }
  let one = Route.choice("shard", calls.map { (weight: 1, to: $0 as any Routable) })
  let threads = Tier.pool("threads", of: 100)
  return System {
    Source(
      "users", .poisson(perSecond: 500),
      to: threads.calling(breaking == .forAll ? one.behind(breaker("all shards")) : one)
        .timeout(after: .seconds(2)))
  }
}

/// As usual: more than half of 20 calls failed, and then five seconds of refusal.
private func breaker(_ name: String) -> Breaker {
  Breaker(name, opensAbove: 0.5, of: 20, for: .seconds(5))
}

private func variant(_ name: String, _ breaking: Breaking) -> Variant {
  Variant(system: name, shows: ["web", "breaker"]) { point in
    SimulatedSystem(
      system: web(dead: point.value, breaking), time: .seconds(70), warmUp: .seconds(10))
  } figures: { outcome in
    let users = outcome["users"]
    return [
      "answered in time": .share(users.successShare),
      "refused by a breaker": .share(Double(users.refused) / Double(users.arrived)),
    ]
  }
}
