import Glibc
import Harness
import Results
import Simulation

extension Experiment {
  /// A queue before a server that is overloaded for a minute.
  static let loadLevelling = Experiment(
    id: "scale/load-levelling",
    title: "A queue served in order → served from its end, or without what is too old",
    slot: "scale/1m/events",
    claim: """
      During a minute at 120% of the capacity a queue that is served in order answers less than a \
      tenth of the requests within their deadline; dropping what is too old, or serving the newest \
      first, answers four of five.
      """,
    mechanism: """
      The queue grows by the excess of load over capacity, and with it the wait, until each request \
      is served just too late: the server is busy with answers that nobody waits for any more. In \
      order, this begins after deadline ÷ (load − 1) seconds. Whoever drops requests that have \
      waited longer than the deadline, or serves the newest first, keeps the server busy with \
      requests that are still wanted.
      """,
    limits: """
      Below the capacity all three answer nearly everything. What must be done whenever it is done \
      (an order, a payment) can't be dropped: there a queue is right, and its length is the delay. \
      The newest first starves the oldest, and reorders requests. Rejecting at the door tells the \
      client at once; here it learns by its time-out.
      """,
    diagram: drawing(
      of: [
        "in order": queue(.fifo, load: 1.2), "drop old": queue(.fifo, drops: true, load: 1.2),
        "newest first": queue(.lifo, load: 1.2),
      ], headline: "drop old"),
    sweep: .count("load", [80, 95, 110, 120, 150, 200], smoke: 120, label: { "\($0) % load" }),
    metric: .reported("requests answered in time", unit: .share, lowerIsBetter: false),
    signals: ["served too late"],
    work: { Work(elements: 60 * 100 * Double($0) / 100, each: "request") },
    variants: [
      variant("in order", .fifo), variant("drop old", .fifo, drops: true),
      variant("newest first", .lifo),
    ],
    uncertain: [.patience],
    headline: DeclaredHeadline(value: 120, variant: "drop old"),
    model: { question in
      let load = Double(question.value) / 100
      // Of the load the capacity can be served; in order only until the wait exceeds the deadline.
      let most = 100 * min(1, 1 / load)
      let until = load > 1 ? 1 / (load - 1) : .infinity
      let share = question.isBaseline ? 100 * min(1, until / 60) : most
      return Model(Term<Percent>.exactly(share).named("served in time"), per: .metric)
    })
}

/// 100 requests per second are its capacity. With less than a tenth of the deadline left, a request
/// that is dropped where it is too old is not begun.
private func queue(
  _ discipline: Tier.Discipline, drops: Bool = false, load: Double,
  deadline: Double = UncertainInput.patience.estimate
) -> System {
  let server = Tier(
    "server", service: .exponential(mean: .milliseconds(10)), discipline: discipline,
    maximumAge: drops ? .seconds(0.9 * deadline) : nil)
  return System {
    Source(
      "requests", .poisson(perSecond: 100 * load), to: server.timeout(after: .seconds(deadline)))
  }
}

private func variant(
  _ name: String, _ discipline: Tier.Discipline, drops: Bool = false
) -> Variant {
  Variant(system: name, shows: ["queue"]) { point in
    SimulatedSystem(
      system: queue(
        discipline, drops: drops, load: Double(point.value) / 100, deadline: point[.patience]),
      time: .seconds(60), warmUp: .zero)
  } figures: { outcome in
    let (requests, server) = (outcome["requests"], outcome.tier("server"))
    return [
      "requests answered in time": .share(requests.successShare),
      "served too late": .share(
        max(0, Double(server.served - requests.succeeded)) / Double(max(1, server.served))),
    ]
  }
}
