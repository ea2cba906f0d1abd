import Harness
import Results
import Simulation

extension Experiment {
  /// Recommendations that fail, and what is shown in their place.
  static let fallback = Experiment(
    id: "scale/fallback",
    title: "Fail with the dependency → a query instead → a list that is there",
    slot: "scale/100m/chaos",
    claim: """
      A fallback that asks the database in place of the failed service answers everything as long \
      as the database is less than 50% busy; at 60% it takes checkout down as well, and answers a \
      tenth of the requests where failing at once answers more than half.
      """,
    mechanism: """
      While the recommendations are down, their 60 requests per second become queries of 8 ms on \
      the database, half of its capacity, exactly when something is wrong already. Below 100% both \
      fit. Above it the queue grows until every request of both kinds is late: the fallback has \
      carried the failure to a part that was healthy. A list in memory answers without anybody.
      """,
    limits: """
      A fallback that runs only in an emergency has never run under load: use it now and then, or \
      for a share of the requests. One with a limit of its own (a pool, a breaker) can't take down \
      its host. Where there is nothing to show instead, failing at once is the right answer; here \
      a page without recommendations counts as unanswered.
      """,
    diagram: drawing(
      of: [
        "fail": shop(load: 0.5, .none), "query instead": shop(load: 0.5, .query),
        "list in memory": shop(load: 0.5, .list),
      ], headline: "query instead"),
    sweep: .count(
      "database load", [20, 40, 50, 60, 80], smoke: 40, label: { "\($0) % load before" }
    ),
    metric: .share("answered in time", lowerIsBetter: false),
    signals: ["checkouts in time"],
    work: { _ in Work(elements: 120 * 120, each: "request") },
    variants: [
      variant("fail", .none), variant("query instead", .query), variant("list in memory", .list),
    ],
    headline: DeclaredHeadline(value: 60, variant: "query instead"),
    model: { question in
      let checkouts = 125 * Double(question.value) / 100
      let share = question.isBaseline ? checkouts / (checkouts + pages) : 1
      return Model(
        Term<Percent>.exactly(100 * share).named("what does not fail"), per: .metric)
    })
}

private enum Instead { case none, query, list }
private let pages = 60.0

/// The recommendations fail after ten seconds. The database can do 125 checkouts per second.
private func shop(load: Double, _ instead: Instead) -> System {
  let down = Outage(at: .seconds(10), for: .seconds(1_000), of: 0..<1)
  let service = Tier(
    "recommendations", service: .exponential(mean: .milliseconds(5)), outages: [down])
  let database = Tier("database", service: .exponential(mean: .milliseconds(8)))
  let shown: Route =
    switch instead {
    case .none: service.route
    case .query: service.otherwise(database)
    case .list: service.otherwise(Route.delay("list in memory", .exactly(.milliseconds(0.1))))
    }
  return System {
    Source("pages", .poisson(perSecond: pages), to: shown.timeout(after: .seconds(1)))
    Source(
      "checkouts", .poisson(perSecond: 125 * load), to: database.timeout(after: .seconds(1)))
  }
}

private func variant(_ name: String, _ instead: Instead) -> Variant {
  Variant(system: name, shows: ["shop"]) { point in
    SimulatedSystem(
      system: shop(load: Double(point.value) / 100, instead), time: .seconds(130),
      warmUp: .seconds(10))
  } figures: { outcome in
    let (pages, checkouts) = (outcome["pages"], outcome["checkouts"])
    return [
      "answered in time": .share(
        Double(pages.succeeded + checkouts.succeeded) / Double(pages.arrived + checkouts.arrived)),
      "checkouts in time": .share(checkouts.successShare),
    ]
  }
}
