import Harness
import Results
import Simulation

extension Experiment {
  /// A request that needs several services: one after the other, or all at once.
  static let callDepth = Experiment(
    id: "scale/call-depth",
    title: "Services one after the other → all at once",
    slot: "scale/100k/microservices",
    claim: """
      Calling eight independent services at once instead of one after the other cuts the p99 by a \
      factor of two and a half, not of eight; with two services by a fifth.
      """,
    mechanism: """
      One after the other, the times add up, and slow and fast calls compensate each other: the p99 \
      grows more slowly than the number of calls. All at once, the slowest call decides, and with \
      more calls one of them is slow more often: the p99 grows with the logarithm of their number. \
      Each service is an M/M/1 at 60% load, whose response is exponential, so that the chain is \
      Erlang distributed (Burke 1956), and the maximum of n is below t with probability \
      (1 − e^−t)^n.
      """,
    limits: """
      Calls that need each other's answers can't be made at once. All at once, the services see \
      their requests at the same moment, so that their queues are correlated; the prediction takes \
      them as independent, and is a little too high. A failure of any service fails the request in \
      both forms.
      """,
    diagram: drawing(of: [
      "one after the other": chain(3), "all at once": together(3),
    ]),
    sweep: .count("services", [2, 4, 8, 16], smoke: 4, label: { "\($0) services" }),
    metric: .reported("p99 response time", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["mean response time"],
    work: { _ in Work(elements: requests, each: "request") },
    variants: [
      variant("one after the other", shows: "chain") { chain($0.value, $0[.serviceVariation]) },
      variant("all at once", shows: "together") { together($0.value, $0[.serviceVariation]) },
    ],
    uncertain: [.serviceVariation],
    model: { question in
      let time: Double =
        question.isBaseline
        ? Percentile.ofSum(question.value) : Percentile.ofLongest(question.value)
      // In mean responses: 1 ms of service at 60% load.
      return Model(
        (2.5 * time * Time.exactly(1e6)).named(
          question.isBaseline ? "sum of the responses" : "slowest response"), per: .metric)
    })
}

private let requests = 60_000.0

private func services(_ count: Int, _ variation: Double) -> [Tier] {
  (1...count).map {
    Tier("service \($0)", service: .varying(mean: .milliseconds(1), by: variation))
  }
}

private func chain(_ count: Int, _ variation: Double = 1) -> System {
  let all = services(count, variation)
  let route = all.dropFirst().reduce(all[0].route) { $0.then($1) }
  return System { Source("requests", .poisson(perSecond: 600), to: route) }
}

private func together(_ count: Int, _ variation: Double = 1) -> System {
  System {
    Source(
      "requests", .poisson(perSecond: 600), to: Route.parallel(services(count, variation)))
  }
}

private func variant(
  _ name: String, shows: String, _ declare: @escaping @Sendable (Point) -> System
) -> Variant {
  Variant(system: name, shows: [shows]) { point in
    SimulatedSystem(
      system: declare(point), time: .seconds(1.05 * requests / 600),
      warmUp: .seconds(0.05 * requests / 600))
  } figures: { outcome in
    [
      "p99 response time": .seconds(outcome["requests"].response.percentile(99)),
      "mean response time": .seconds(outcome["requests"].response.mean),
    ]
  }
}
