import Harness
import LoadBenches
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
      as the database has room for both; where it was 90% busy before, it takes checkout down as \
      well and answers fewer requests than failing at once does.
      """,
    mechanism: """
      While the recommendations are down, their 600 requests per second become queries of 0.8 ms on \
      the database, half of its capacity, exactly when something is wrong already. Below 100% both \
      fit. Above it the queue grows until every request of both kinds is late: the fallback has \
      carried the failure to a part that was healthy. A list in memory answers without anybody. \
      Both services are servers behind sockets, the recommendations' refuses each call; the \
      prediction is the simulation of the same two, as the code above declares them.
      """,
    limits: """
      A fallback that runs only in an emergency has never run under load: use it now and then, or \
      for a share of the requests. One with a limit of its own (a pool, a breaker) can't take down \
      its host. Where there is nothing to show instead, failing at once is the right answer; here \
      a page without recommendations counts as unanswered. In time is within 20 ms, of a window of \
      0.15 s: an overload that lasts longer leaves less.
      """,
    diagram: drawing(
      of: [
        "fail": shop(load: 0.9, .none), "query instead": shop(load: 0.9, .query),
        "list in memory": shop(load: 0.9, .list),
      ], headline: "query instead"),
    sweep: .count("database load", [40, 90], smoke: 40, label: { "\($0) % load before" }),
    metric: .share("requests answered in time", lowerIsBetter: false),
    signals: ["checkouts in time"],
    needs: [.cores(2), .descriptors(4_096)], tolerates: loadTolerates, isMirrored: false,
    isRehearsed: false,
    work: { _ in Work(elements: 1, each: "window") },
    variants: [
      variant("fail", .none), variant("query instead", .query), variant("list in memory", .list),
    ],
    headline: DeclaredHeadline(value: 90, variant: "query instead"),
    model: { question in
      let instead: Instead =
        switch question.variant {
        case "fail": .none
        case "query instead": .query
        default: .list
        }
      let system = shop(load: Double(question.value) / 100, instead)
      return Model(
        Term<Percent>.simulated("simulated share") { seed in
          let outcome = system.run(seed: seed, for: .seconds(FailedService.window), drains: true)
          let (pages, checkouts) = (outcome["pages"], outcome["checkouts"])
          return 100 * Double(pages.succeeded + checkouts.succeeded)
            / Double(max(1, pages.arrived + checkouts.arrived))
        }, per: .metric)
    })
}

/// The recommendations are down. The database can do 1,250 checkouts per second.
private func shop(load: Double, _ instead: Instead) -> System {
  let down = Outage(at: .zero, for: .seconds(1_000), of: 0..<1)
  let service = Tier(
    "recommendations", service: .exponential(mean: .milliseconds(0.5)), outages: [down])
  let database = Tier("database", service: .exactly(.seconds(FailedService.query)))
  let shown: Route =
    switch instead {
    case .none: service.route
    case .query: service.otherwise(database)
    case .list: service.otherwise(Route.delay("list in memory", .none))
    }
  let patience = Duration.seconds(FailedService.patience)
  return System {
    Source("pages", .poisson(perSecond: FailedService.pages), to: shown.timeout(after: patience))
    Source(
      "checkouts", .poisson(perSecond: load / FailedService.query),
      to: database.timeout(after: patience))
  }
}

private func variant(_ name: String, _ instead: Instead) -> Variant {
  Variant(
    load: name, shows: ["shop"], prepare: { try FailedService($0) }, observe: nil,
    run: { $0.serve(instead) })
}
