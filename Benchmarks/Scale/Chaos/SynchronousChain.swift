import CitedData
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
      variant("chain") { services($0.value, attempts: 1, common: $0[common]) },
      variant("three attempts") { services($0.value, attempts: 3, common: $0[common]) },
      variant("queue") { queue(down: $0[queueDown]) },
    ],
    uncertain: [common, queueDown],
    headline: DeclaredHeadline(value: 8, variant: "queue"),
    model: { question in
      let failed = 1 - pow(0.99, Double(question.value))
      let share: Double =
        switch question.variant {
        case "chain": failed
        case "three attempts": pow(failed, 3)
        default: queueDown.estimate
        }
      return Model(
        Term<Percent>.exactly(100 * share).named("product of the availabilities"), per: .metric)
    })
}

private let seconds = 30_000.0
/// Of the failures of a service.
private let common = UncertainInput("failures.common", named: "failures with a common cause")
private let queueDown = UncertainInput("outage.queue", named: "time that the queue is down")

/// Down for a second on average, and for this share of the time.
private func part(_ name: String, down share: Double) -> Tier {
  Tier(
    name, servers: 1_000, service: .exactly(.milliseconds(1)),
    failures: Failures(
      up: .exponential(mean: .seconds(1 / share - 1)), down: .exponential(mean: .seconds(1))))
}

/// One after the other, each by way of the network that they share: a service is down for 1% of the
/// time, by its own fault or by the network's.
private func services(
  _ count: Int, attempts: Int, common: Double = common.estimate
) -> System {
  let network = part("network", down: 0.01 * common)
  let chain = (1...count).reduce(network.route) {
    $0.then(part("service \($1)", down: 0.01 * (1 - common)))
  }
  let retries = Retries(attempts - 1, backoff: .exactly(.milliseconds(100)))
  return System {
    Source(
      "users", .poisson(perSecond: 1), to: attempts > 1 ? chain.retried(retries) : chain)
  }
}

private func queue(down share: Double = queueDown.estimate) -> System {
  System { Source("users", .poisson(perSecond: 1), to: part("queue", down: share)) }
}

private func variant(_ name: String, _ declare: @escaping @Sendable (Point) -> System) -> Variant {
  Variant(system: name, shows: ["part", "services"]) { point in
    SimulatedSystem(system: declare(point), time: .seconds(seconds), warmUp: .zero)
  } figures: { outcome in
    ["failed requests": .share(1 - outcome["users"].successShare)]
  }
}
