import Harness
import Results
import Simulation

extension Experiment {
  /// A service that stays down by its clients' retries after the cause has gone.
  static let metastable = Experiment(
    id: "scale/metastable",
    title: "Three retries each → a budget for retries, a short queue",
    slot: "scale/100m/chaos",
    claim: """
      After an outage of ten seconds, clients with three retries keep a service down for as long \
      as its load is above a quarter of the capacity; with a budget of 10% for retries it is back \
      after seconds up to half of the capacity.
      """,
    mechanism: """
      Requests that time out are sent again, but the server doesn't know, and serves all copies. \
      With r retries the load becomes (1 + r) ρ. If that exceeds 1, the queue never empties, every \
      request times out, and the outage outlives its cause: the load that was fine before keeps \
      the service down. Below it a backlog of B seconds of work drains within B ÷ (1 − (1 + r) ρ). \
      A budget makes 1 + r at most 1.1; a queue no longer than the time-out rejects the copies \
      unserved. The formula leaves out that a copy which is answered in time sends no further \
      ones, so that the load falls before the backlog has gone. It is judged in steps of half a \
      second.
      """,
    limits: """
      Removing the trigger does not help, restarting with an empty queue does. More machines help \
      only if they bring (1 + r) ρ below 1. The figure is cut off after five minutes: from 30% \
      load on, three retries have not recovered by then, and the ratio there is a lower bound. \
      Rejecting is free here; where it costs work, that work has a limit of its own. Bronson et \
      al., *Metastable Failures in Distributed Systems* (HotOS 2021), report cases from practice.
      """,
    diagram: drawing(
      of: [
        "3 retries": service(load: 0.2), "budget": service(load: 0.2, budget: 0.1),
        "short queue": service(load: 0.2, isShort: true),
      ], headline: "budget"),
    sweep: .count("load", [15, 20, 30, 50], smoke: 20, label: { "\($0) % load" }),
    metric: .reported("time to recover", unit: .nanoseconds, lowerIsBetter: true),
    signals: ["attempts per request"],
    work: { Work(elements: 310 * 500 * Double($0) / 100, each: "request") },
    variants: [
      variant("3 retries") { service($0) },
      variant("budget") { service($0, budget: $0[budget]) },
      variant("short queue") { service($0, isShort: true) },
    ],
    uncertain: [.patience, budget],
    headline: DeclaredHeadline(value: 20, variant: "budget"),
    model: { question in
      let load = Double(question.value) / 100
      let copies = question.isBaseline ? 4 : question.variant == "budget" ? 1.1 : 0
      let excess = 1 - copies * load
      // Seconds of work at the end of the outage: of the last three seconds' requests not all copies
      // have been sent. Requests are in time again when no more than a second is left.
      let backlog = (question.isBaseline ? 34 : 11) * load
      // Half seconds, as it is judged.
      let steps = max(1, (2 * (backlog - 1) / max(excess, 1e-9)).rounded(.up))
      let seconds = question.variant == "short queue" ? 0.5 : min(horizon, steps / 2)
      return Model((seconds * Time.exactly(1e9)).named("backlog drains"), per: .metric)
    })
}

/// Seconds after the outage for which it is watched.
private let horizon = 300.0
private let outage = Outage(at: .seconds(10), for: .seconds(10), of: 0..<1, slowdown: 100)

private let budget = UncertainInput("retries that the budget allows", 0.1, in: 0.05...1)

private func service(_ point: Point, budget: Double? = nil, isShort: Bool = false) -> System {
  service(
    load: Double(point.value) / 100, budget: budget, isShort: isShort, patience: point[.patience])
}

/// A server of 500 requests per second that stands still for ten seconds.
private func service(
  load: Double, budget: Double? = nil, isShort: Bool = false,
  patience: Double = UncertainInput.patience.estimate
) -> System {
  let server = Tier(
    "server", service: .exponential(mean: .milliseconds(2)), capacity: isShort ? 500 : .max,
    outages: [outage])
  return System {
    Source(
      "users", .poisson(perSecond: 500 * load),
      to: server.timeout(after: .seconds(patience)).retried(Retries(3, budget: budget)))
  }
}

private func variant(_ name: String, _ declare: @escaping @Sendable (Point) -> System) -> Variant {
  Variant(system: name, shows: ["service"]) { point in
    SimulatedSystem(
      system: declare(point), time: .seconds(20 + horizon + 5),
      warmUp: .zero, drains: false, interval: .seconds(0.5))
  } figures: { outcome in
    // Back when, for the first time since, five seconds go by with 95% of what comes answered.
    let series = outcome["users"].series
    let back = (40..<series.count - 10).first { start in
      let window = series[start..<start + 10]
      return Double(window.map(\.succeeded).reduce(0, +))
        >= 0.95 * Double(window.map(\.arrived).reduce(0, +))
    }
    let seconds = back.map { series[$0].start - 20 + 0.5 } ?? horizon
    return [
      "time to recover": .seconds(min(seconds, horizon)),
      "attempts per request": Counter(
        Double(outcome.tier("server").arrivals) / Double(outcome["users"].arrived), unit: .count),
    ]
  }
}
