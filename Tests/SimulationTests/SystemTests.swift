import Testing

@testable import Simulation

/// What a run promises beside its numbers.
@Suite struct SystemTests {
  private static let web = Tier(
    "web", replicas: 3, service: .exponential(mean: .milliseconds(5)), balancer: .leastOf(2))

  private static func shop(extra: Bool = false) -> System {
    let database = Tier("database", servers: 2, service: .exponential(mean: .milliseconds(8)))
    let items = Cache("items", slots: 100).missing(database)
    return System {
      if extra {
        Source(
          "crawler", .poisson(perSecond: 50),
          to: Tier("other", service: .exponential(mean: .milliseconds(1))))
      }
      Source(
        "users", .poisson(perSecond: 300), keys: .zipf(1_000, exponent: 0.8),
        to: web.calling(items).timeout(after: .seconds(1)))
    }
  }

  @Test func oneSeedGivesOneTrace() {
    let first = Self.shop().run(seed: 1, for: .seconds(20))
    let again = Self.shop().run(seed: 1, for: .seconds(20))
    let other = Self.shop().run(seed: 2, for: .seconds(20))
    #expect(first.trace == again.trace && first.events == again.events)
    #expect(first.trace != other.trace && first.offered != other.offered)
  }

  @Test func anotherPartShiftsNoNumbers() {
    let without = Self.shop().run(seed: 1, for: .seconds(20))
    let with = Self.shop(extra: true).run(seed: 1, for: .seconds(20))
    #expect(with["users"].response.mean == without["users"].response.mean)
    #expect(with.tier("database").busy == without.tier("database").busy)
    #expect(with.cache("items") == without.cache("items"))
  }

  @Test func copiesShiftNoNumbersOfFirstAttempts() {
    // Servers without number: whatever copies there are, first attempts are served as before.
    let tier = Tier("servers", servers: 10_000, service: .exponential(mean: .seconds(1)))
    func run(_ route: some Routable) -> SystemOutcome {
      System { Source("users", .poisson(perSecond: 10), to: route) }
        .run(seed: 3, for: .seconds(50), drains: true)
    }
    let (once, hedged) = (run(tier), run(tier.hedged(after: .seconds(1), loser: .kept)))
    #expect(once.offered == hedged.offered)
    #expect(hedged["users"].response.mean < once["users"].response.mean)
    #expect(hedged.tier("servers").arrivals > once.tier("servers").arrivals)
  }

  @Test func everyRequestIsAccountedFor() {
    let tier = Tier(
      "servers", replicas: 2, service: .exponential(mean: .milliseconds(10)), capacity: 20,
      failures: Failures(
        up: .exponential(mean: .seconds(3)), down: .exponential(mean: .seconds(1))))
    let outcome = System {
      Source(
        "users", .poisson(perSecond: 150),
        to: tier.timeout(after: .milliseconds(50), work: .cancelled).retried(Retries(2)))
    }.run(seed: 1, for: .seconds(60), drains: true)
    let users = outcome["users"]
    #expect(users.arrived == users.succeeded + users.unsuccessful)
    #expect(users.timedOut > 0 && users.failed > 0)
    #expect(users.response.count == users.succeeded)
  }

  @Test func theDiagramIsDrawnFromTheSystem() {
    #expect(
      Self.shop().diagram == """
        flowchart LR
          n0["users<br>300 per second"]
          n1["web: 3 × one place<br>exponential, 5 ms"]
          n0 -- "time-out 1 s" --> n1
          n2["items: 100 slots"]
          n1 --> n2
          n3["database: 2 places<br>exponential, 8 ms"]
          n2 -- "misses" --> n3

        """)
  }

  @Test func aSystemOfEveryPartRuns() {
    let tier = Tier("tier", servers: 4, service: .exponential(mean: .milliseconds(5)))
    let link = Link("wire", latency: .exactly(.milliseconds(10)), loss: 0.01)
    let breaker = Breaker("breaker", opensAbove: 0.5, of: 10, for: .seconds(1))
    let route = Route.parallel(
      [
        link.to(tier).timeout(after: .milliseconds(60)).behind(breaker),
        Route.delay("elsewhere", .uniform(.milliseconds(1), .milliseconds(30))),
      ], needed: 1
    ).then(Route.background(tier.everyReplica)).repeated("again", with: 0.2)
    let system = System { Source("users", .poisson(perSecond: 100), to: route) }
    let outcome = system.run(seed: 1, for: .seconds(30), drains: true)
    #expect(outcome["users"].succeeded == outcome["users"].arrived)
    #expect(system.diagram.contains("1 of 2"))
  }
}
