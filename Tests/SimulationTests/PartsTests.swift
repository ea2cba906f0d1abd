import Testing

@testable import Simulation

/// Parts whose behaviour can be worked out by hand.
@Suite struct PartsTests {
  private func run(
    _ arrivals: [Double], to route: some Routable, for seconds: Double = 1_000, seed: UInt64 = 1
  ) -> SystemOutcome {
    System { Source("users", .recorded(arrivals.map { .seconds($0) }), to: route) }
      .run(seed: seed, for: .seconds(seconds), drains: true)
  }

  private func server(
    _ discipline: Tier.Discipline = .fifo, capacity: Int = .max, age: Duration? = nil,
    outages: [Outage] = []
  ) -> Tier {
    Tier(
      "server", service: .exactly(.seconds(10)), discipline: discipline, capacity: capacity,
      maximumAge: age, outages: outages)
  }

  private func close(_ value: Double, _ expected: Double) -> Bool {
    abs(value - expected) <= 0.004 * expected
  }

  @Test func disciplinesDecideWhoIsNext() {
    // At 0, 1 and 2: the first is served until 10, then the second or the third.
    let fifo = run([0.001, 1, 2], to: server())["users"].response
    let lifo = run([0.001, 1, 2], to: server(.lifo))["users"].response
    let shared = run([0.001, 1, 2], to: server(.processorSharing))["users"].response
    #expect(close(fifo.percentile(100), 28) && close(fifo.percentile(50), 19))
    #expect(close(lifo.percentile(100), 29) && close(lifo.percentile(50), 18))
    // Three from 2 to 27.5, two to 29.5, one to 30.
    #expect(close(shared.mean, 28) && close(shared.highest, 28.5))
    #expect(close(fifo.mean, lifo.mean))
  }

  @Test func kindsOfRequestsShareATierAndHaveTheirOwnTimes() {
    // The first takes 3 from 1 to 4, the second 7 from 4 to 11.
    let tier = Tier("server", service: .none)
    let both = System {
      Source("short", .recorded([.seconds(1)]), to: tier.working("a", .exactly(.seconds(3))))
      Source("long", .recorded([.seconds(2)]), to: tier.working("b", .exactly(.seconds(7))))
    }
    let outcome = both.run(seed: 1, for: .seconds(100), drains: true)
    #expect(close(outcome["short"].response.mean, 3) && close(outcome["long"].response.mean, 9))
    #expect(close(outcome.tier("server").busy * 100, 10))
    #expect(both.diagram.contains("a: 3 s") && both.diagram.contains("b: 7 s"))
  }

  @Test func fullQueuesRejectAndOldRequestsAreDropped() {
    let full = run([1, 2, 3, 4], to: server(capacity: 2))["users"]
    #expect(full.succeeded == 2 && full.rejected == 2)
    let old = run([1, 2, 3, 4], to: server(age: .seconds(15)))["users"]
    #expect(old.succeeded == 2 && old.dropped == 2)
  }

  @Test func timeOutsKeepOrCancelTheirWork() {
    let kept = run([1, 2], to: server().timeout(after: .seconds(5)))
    let cancelled = run([1, 2], to: server().timeout(after: .seconds(5), work: .cancelled))
    #expect(kept["users"].timedOut == 2 && cancelled["users"].timedOut == 2)
    #expect(close(kept.tier("server").busy * 1_000, 20))
    // The first is stopped at 6, the second begins then and is stopped at 7.
    #expect(close(cancelled.tier("server").busy * 1_000, 6))
  }

  @Test func budgetsLimitRetries() {
    let failing = server(capacity: 1).retried(Retries(1, budget: 0.1))
    // All but the first are rejected at once; ten retries are there in advance.
    let outcome = run((1...100).map { 1 + Double($0) * 0.01 }, to: failing)
    let attempts = outcome.tier("server").arrivals
    #expect(attempts >= 110 && attempts <= 121)
  }

  @Test func breakersStopCallsAndTryAgain() {
    let breaker = Breaker("breaker", opensAbove: 0.5, of: 4, for: .seconds(50))
    let down = server(outages: [Outage(at: .seconds(0.5), for: .seconds(30), of: 0..<1)])
    let route = down.behind(breaker)
    let outcome = run((1...10).map { Double($0) } + [40, 80, 120], to: route)
    // Four fail, six are refused and the one at 40; at 80 one is tried, and the way is open.
    #expect(outcome["users"].failed == 4)
    #expect(outcome["users"].refused == 7)
    #expect(outcome["users"].succeeded == 2)
  }

  @Test func aFallbackIsAskedWhereTheFirstFails() {
    let down = server(outages: [Outage(at: .seconds(5), for: .seconds(10), of: 0..<1)])
    let spare = Tier("spare", servers: 9, service: .exactly(.seconds(2)))
    let outcome = run([0.5, 6, 7, 30], to: down.otherwise(spare))
    // The first fails at 5 and needs 2 s more; two fail at once; the last is served.
    #expect(outcome["users"].succeeded == 4 && outcome.tier("spare").served == 3)
    #expect(close(outcome["users"].response.mean, (6.5 + 2 + 2 + 10) / 4))
    // Where the spare fails too, the request fails.
    let none = run([6], to: down.otherwise(spare.timeout(after: .seconds(1))))
    #expect(none["users"].timedOut == 1 && none["users"].succeeded == 0)
  }

  @Test func sourcesMayAskForKeysOfTheirOwn() {
    let cache = Cache("cache", slots: 20).missing(Route.delay("origin", .none))
    let outcome = System {
      Source("a", .poisson(perSecond: 10), keys: .zipf(10, exponent: 1), to: cache)
      Source("b", .poisson(perSecond: 10), keys: .zipf(10, exponent: 1, from: 10), to: cache)
    }.run(seed: 1, for: .seconds(1_000))
    // Each key misses once.
    #expect(outcome.cache("cache").misses == 20)
  }

  @Test func outagesFailWhatAReplicaHolds() {
    let outage = Outage(at: .seconds(5), for: .seconds(10), of: 0..<1)
    let users = run([1, 2, 8, 20], to: server(outages: [outage]))["users"]
    #expect(users.failed == 3 && users.succeeded == 1)
    let slow = Outage(at: .seconds(5), for: .seconds(10), of: 0..<1, slowdown: 3)
    #expect(close(run([6], to: server(outages: [slow]))["users"].response.mean, 30))
  }

  @Test func coalescedMissesAskOnce() {
    let origin = Tier("origin", servers: 100, service: .exactly(.seconds(10)))
    let apart = run([1, 2, 3, 30], to: Cache("cache", slots: 4).missing(origin))
    let together = run(
      [1, 2, 3, 30], to: Cache("cache", slots: 4, coalesces: true).missing(origin))
    #expect(apart.tier("origin").arrivals == 3 && together.tier("origin").arrivals == 1)
    #expect(close(together["users"].response.highest, 10))
    #expect(together.cache("cache").hits == 1)
  }

  @Test func cachesForgetByTime() {
    let cache = Cache("cache", slots: 4, policy: .expiring(after: .seconds(10)))
    let outcome = run([1, 2, 12, 13], to: cache.missing(Route.delay("origin", .none)))
    #expect(outcome.cache("cache") == CacheOutcome(hits: 2, misses: 2))
  }

  @Test func asynchronousFailoverLosesWritesAndSynchronousDoesNot() {
    let latency = StoreLatency(
      write: .exponential(mean: .seconds(1)), acknowledgement: .exactly(.milliseconds(1)),
      read: .none, response: .none)
    func lost(_ acknowledged: Int) -> StoreOutcome {
      let store = Store.primary(
        "store", replicas: 2, acknowledged: acknowledged, latency: latency,
        failover: Failover(
          between: .exponential(mean: .seconds(50)), takes: .exactly(.seconds(2))))
      return System {
        Source("writers", .poisson(perSecond: 5), keys: .uniform(100), to: store.write)
      }.run(seed: 1, for: .seconds(2_000), drains: true).store("store")
    }
    #expect(lost(1).lostWrites == 0 && lost(1).writes > 5_000)
    // About what is on its way at a time, for each failure.
    #expect((80...400).contains(lost(0).lostWrites))
  }

  @Test func autoscalersFollowTheLoadAfterTheBootTime() {
    let tier = Tier(
      "web", replicas: 2, service: .exponential(mean: .milliseconds(100)), balancer: .leastLoaded,
      scaling: Autoscaling(
        target: 0.5, in: 1...20, every: .seconds(10), boot: .exactly(.seconds(30))),
      cost: Cost(perReplicaHour: 3_600, perRequest: 1))
    let outcome = System { Source("users", .poisson(perSecond: 40), to: tier) }
      .run(seed: 1, for: .seconds(1_000), warmUp: .seconds(500))
    let web = outcome.tier("web")
    #expect(web.replicasUp > 6.5 && web.replicasUp < 10)
    #expect(web.utilisation > 0.4 && web.utilisation < 0.62)
    #expect(abs(web.cost - web.replicasPaid * 500 - Double(web.arrivals)) < 1)
  }

  @Test func changingRatesAddUp() {
    let nothing = Route.delay("nothing", .none)
    let outcome = System {
      Source(
        "day",
        .varying([
          .init(at: .zero, perSecond: 0), .init(at: .seconds(50), perSecond: 100),
          .init(at: .seconds(100), perSecond: 0),
        ]), to: nothing)
      Source(
        "bursts",
        .modulated([
          .init(perSecond: 100, mean: .seconds(1)), .init(perSecond: 0, mean: .seconds(3)),
        ]), to: nothing)
    }.run(seed: 1, for: .seconds(1_000), every: .seconds(100))
    #expect(abs(outcome["day"].arrived - 50_000) < 1_000)
    #expect(abs(outcome["bursts"].arrived - 25_000) < 3_500)
    #expect(outcome["day"].series.count == 10)
    #expect(outcome["day"].series.map(\.arrived).reduce(0, +) == outcome["day"].arrived)
  }
}
