import Harness
import Results
import Simulation

extension Experiment {
  /// A zone fails, and the others get its requests.
  static let zoneLoss = Experiment(
    id: "scale/zone-loss",
    title: "Six servers in two zones → in three zones, and shedding",
    slot: "scale/100m/chaos",
    claim: """
      Six servers in three zones survive the loss of a zone up to a load of 60%, in two zones up \
      to less than 50%; above that the service answers 5 to 20% in time where its capacity is \
      enough for 60 to 90%, unless it drops requests that are too old.
      """,
    mechanism: """
      After the loss the survivors have n ÷ (n − 1) of their load: 1.5 times with three zones, \
      twice with two. Arithmetic says that an overloaded rest still answers capacity ÷ load of the \
      requests. It answers fewer: the queue grows until every request is served just after its \
      client has given up. Dropping what has waited too long brings back what the arithmetic \
      promised.
      """,
    limits: """
      Until the health check notices, requests to the lost zone fail whatever the others can do: \
      ten seconds of two minutes here. Clients don't try again; with retries the load after the \
      loss is higher still (scale/metastable). New servers in the other zones help only after \
      their boot time, and only if the provider still has some when everybody wants them.
      """,
    diagram: drawing(
      of: [
        "two zones": servers(zones: 2, load: 0.6), "three zones": servers(zones: 3, load: 0.6),
        "three zones, shedding": servers(zones: 3, load: 0.6, sheds: true),
      ], headline: "three zones"),
    sweep: .count("load", [40, 50, 60, 70, 80], smoke: 50, label: { "\($0) % load" }),
    metric: .share("requests answered in time", lowerIsBetter: false),
    signals: ["p99 response time", "failed at once"],
    work: { Work(elements: 120 * 600 * Double($0) / 100, each: "request") },
    variants: [
      variant("two zones") { servers(zones: 2, $0) },
      variant("three zones") { servers(zones: 3, $0) },
      variant("three zones, shedding") { servers(zones: 3, $0, sheds: true) },
    ],
    uncertain: [noticed, .patience],
    headline: DeclaredHeadline(value: 60, variant: "three zones"),
    model: { question in
      let load = Double(question.value) / 100
      let left = question.isBaseline ? 1 / 2.0 : 2 / 3.0
      let share = (10 * left + 110 * min(1, left / load)) / 120
      return Model(
        Term<Percent>.exactly(100 * share).named("capacity that is left ÷ load"), per: .metric)
    })
}

private let noticed = UncertainInput("seconds until the health check notices", 10, in: 2...60)

/// Six servers of 100 requests per second each; one zone is lost for two minutes, which the health
/// check notices after ten seconds. Clients give up after a second.
private func servers(zones: Int, _ point: Point, sheds: Bool = false) -> System {
  servers(
    zones: zones, load: Double(point.value) / 100, sheds: sheds, noticed: point[noticed],
    patience: point[.patience])
}

private func servers(
  zones: Int, load: Double, sheds: Bool = false, noticed: Double = noticed.estimate,
  patience: Double = UncertainInput.patience.estimate
) -> System {
  let loss = Outage(
    at: .seconds(20), for: .seconds(130), of: 0..<6 / zones, detection: .seconds(noticed))
  let tier = Tier(
    "servers", replicas: 6, service: .exponential(mean: .milliseconds(10)),
    maximumAge: sheds ? .seconds(0.9 * patience) : nil, balancer: .leastOf(2), outages: [loss])
  return System {
    Source(
      "users", .poisson(perSecond: 600 * load), to: tier.timeout(after: .seconds(patience)))
  }
}

private func variant(_ name: String, _ declare: @escaping @Sendable (Point) -> System) -> Variant {
  Variant(system: name, shows: ["servers"]) { point in
    SimulatedSystem(
      system: declare(point), time: .seconds(140), warmUp: .seconds(20))
  } figures: { outcome in
    let users = outcome["users"]
    return [
      "requests answered in time": .share(users.successShare),
      "p99 response time": .seconds(users.response.percentile(99)),
      "failed at once": .share(Double(users.failed) / Double(users.arrived)),
    ]
  }
}
