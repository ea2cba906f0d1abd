import Glibc
import Harness
import Results
import Simulation

extension Experiment {
  /// Requests that need several services to be up at once, or one.
  static let synchronousChain = Experiment(
    id: "scale/synchronous-chain",
    title: "A chain of services that must all be up → a queue in front of them",
    slot: "scale/100k/microservices",
    claim: """
      Eight services with 99% availability that share a network fail 4.4% of the requests, not the \
      7.7% of the product; three attempts still fail 3.3%, not one in two thousand; a queue that \
      accepts the request fails 0.5%.
      """,
    mechanism: """
      The product of availabilities takes failures as independent. Half of them are a common cause \
      here, the network between all services, which counts once: the product is too pessimistic. \
      Retries are planned with the same independence, as the product of the failures of three \
      attempts; but an outage lasts longer than the attempts, and the next one meets it again: \
      there the product is too optimistic. A queue needs only itself; the services catch up later.
      """,
    limits: """
      What must be known at once (is it in stock, is the card good) can't be queued. The queue is \
      a part that can fail too, 0.5% here, and the answer comes later: by the length of an outage. \
      With a backoff of minutes retries help, if the user waits that long.
      """,
    diagram: drawing(of: [
      "chain": services(3, attempts: 1), "three attempts": services(3, attempts: 3),
      "queue": queue(),
    ]),
    sweep: .count("services", [2, 4, 8, 16], smoke: 4, label: { "\($0) services" }),
    metric: .share("failed requests", lowerIsBetter: true),
    work: { _ in Work(elements: seconds, each: "request") },
    variants: [
      variant("chain") { services($0, attempts: 1) },
      variant("three attempts") { services($0, attempts: 3) },
      variant("queue") { _ in queue() },
    ],
    headline: DeclaredHeadline(value: 8, variant: "queue"),
    model: { question in
      let failed = 1 - pow(0.99, Double(question.value))
      let share: Double =
        switch question.variant {
        case "chain": failed
        case "three attempts": pow(failed, 3)
        default: 0.005
        }
      return Model(
        Term<Percent>.exactly(100 * share).named("product of the availabilities"), per: .metric)
    })
}

private let seconds = 30_000.0

/// Up for 199 seconds on average and then down for one: 99.5%.
private func part(_ name: String) -> Tier {
  Tier(
    name, servers: 1_000, service: .exactly(.milliseconds(1)),
    failures: Failures(
      up: .exponential(mean: .seconds(199)), down: .exponential(mean: .seconds(1))))
}

/// One after the other, each by way of the network that they share.
private func services(_ count: Int, attempts: Int) -> System {
  let network = part("network")
  let chain = (1...count).reduce(network.route) { $0.then(part("service \($1)")) }
  let retries = Retries(attempts - 1, backoff: .exactly(.milliseconds(100)))
  return System {
    Source(
      "users", .poisson(perSecond: 1), to: attempts > 1 ? chain.retried(retries) : chain)
  }
}

private func queue() -> System {
  System { Source("users", .poisson(perSecond: 1), to: part("queue")) }
}

private func variant(_ name: String, _ declare: @escaping @Sendable (Int) -> System) -> Variant {
  Variant(system: name, shows: ["part", "services"]) { point in
    SimulatedSystem(system: declare(point.value), time: .seconds(seconds), warmUp: .zero)
  } figures: { outcome in
    ["failed requests": .share(1 - outcome["users"].successShare)]
  }
}
