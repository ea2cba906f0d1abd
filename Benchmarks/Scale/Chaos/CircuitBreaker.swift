import Harness
import LoadBenches
import Results
import Simulation

extension Experiment {
  /// A dependency of ten shards, some of which hang.
  static let circuitBreaker = Experiment(
    id: "scale/circuit-breaker",
    title: "Wait for dead shards → a breaker for all, a breaker for each",
    slot: "scale/100k/microservices",
    claim: """
      With two of ten shards dead, callers that wait for a time-out of 12 ms answer a third of the \
      requests of 150 ms instead of 80%, and with three an eighth instead of 70%; a breaker for each \
      shard answers what the healthy ones can. One breaker for all shards seldom opens with two \
      dead ones, and with three it refuses the calls of the healthy ones too.
      """,
    mechanism: """
      A call to a dead shard holds a thread for the whole time-out: 500 calls per second and dead \
      shard × 12 ms are 6 threads of 10. With two dead shards no thread is left for the healthy \
      eight. A breaker answers at once instead, and frees the threads. It has to watch what fails \
      together: one breaker over ten shards sees 20 or 30% of failures, below the threshold of \
      50%. It judges ten calls at a time, of which by chance six or more fail in 0.6 or 4.7% of \
      the cases; then it opens for the healthy shards as well. The shards are servers behind \
      sockets, the dead ones take requests and answer none; threads and breakers are their \
      client's. The prediction is the simulation of the same shards and threads, as the code above \
      declares them.
      """,
    limits: """
      One breaker for all that opens at fewer failures turns 10% of failures into 100%. Each shard needs \
      enough calls to be judged: with few of them its breaker opens late, and here the 32 ms until \
      then are a fifth of the window. A shorter time-out, or a limit of threads per shard (a \
      bulkhead), protects the healthy shards without judging at all.
      """,
    diagram: drawing(of: [
      "time-out alone": web(dead: 3, .none), "one breaker": web(dead: 3, .forAll),
      "a breaker per shard": web(dead: 3, .forEach),
    ]),
    sweep: .count("dead shards", [1, 2, 3], smoke: 1, label: { "\($0) of 10 dead" }),
    metric: .share("requests answered in time", lowerIsBetter: false),
    signals: ["refused by a breaker"],
    needs: [.cores(2), .descriptors(4_096)], tolerates: loadTolerates, isMirrored: false,
    isRehearsed: false,
    work: { _ in Work(elements: DeadShards.rate * DeadShards.window, each: "request") },
    variants: [
      variant("time-out alone", .none), variant("one breaker", .forAll),
      variant("a breaker per shard", .forEach),
    ],
    headline: DeclaredHeadline(value: 3, variant: "a breaker per shard"),
    model: { question in
      let breaking: Breaking =
        switch question.variant {
        case "time-out alone": .none
        case "one breaker": .forAll
        default: .forEach
        }
      let system = web(dead: question.value, breaking)
      return Model(
        Term<Percent>.simulated("simulated share") { seed in
          let outcome = system.run(seed: seed, for: .seconds(DeadShards.window), drains: true)
          return 100 * outcome["users"].successShare
        }, per: .metric)
    })
}

/// Each request needs one of ten shards. The dead ones answer nothing.
private func web(dead: Int, _ breaking: Breaking) -> System {
  let shards = (1...DeadShards.shards).map { number in
    let outage = Outage(
      at: .zero, for: .seconds(1_000), of: 0..<1, slowdown: DeadShards.never)
    return Tier(
      "shard \(number)", servers: DeadShards.threads,
      service: .exponential(mean: .seconds(DeadShards.call)),
      outages: number <= dead ? [outage] : [])
  }
  let calls = shards.enumerated().map { number, shard -> Route in
    let call = shard.timeout(after: .seconds(DeadShards.timeout), work: .cancelled)
    return breaking == .forEach ? call.behind(breaker("shard \(number + 1)")) : call
  }
  let one = Route.choice("shard", calls.map { (weight: 1, to: $0 as any Routable) })
  let threads = Tier.pool("threads", of: DeadShards.threads)
  return System {
    Source(
      "users", .poisson(perSecond: DeadShards.rate),
      to: threads.calling(breaking == .forAll ? one.behind(breaker("all shards")) : one)
        .timeout(after: .seconds(DeadShards.patience)))
  }
}

private func breaker(_ name: String) -> Breaker {
  Breaker(
    name, opensAbove: DeadShards.opensAbove, of: DeadShards.judged,
    for: .seconds(DeadShards.rest))
}

private func variant(_ name: String, _ breaking: Breaking) -> Variant {
  Variant(
    load: name, shows: ["web", "breaker"], prepare: { try DeadShards($0) }, observe: nil,
    run: { $0.serve(breaking) })
}
