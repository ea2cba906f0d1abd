import Glibc
import Testing

@testable import Simulation

/// What papers say of whole systems. Those of queues, caches and quorums are among the checks of
/// `perflab validate`.
@Suite struct PublishedTests {
  /// Dean and Barroso, *The Tail at Scale*, CACM 56(2), 2013: of requests that ask 100 servers at once,
  /// each of which takes a second once in 100 times, 63% take a second.
  @Test func aHundredServersMakeARareDelayCommon() {
    let outcome = fanOut { $0 }
    let calls = outcome.tier("servers").arrivals
    #expect(calls == 100 * outcome["users"].arrived)
    #expect(abs(slow(outcome) - 0.63) < 0.03)
  }

  /// The same paper's remedy: a second request to those that have not answered soon costs a few per
  /// cent of load. Both copies are slow once in 10,000 times.
  @Test func aHedgeRemovesMostOfThem() {
    let outcome = fanOut { $0.hedged(after: .milliseconds(20), loser: .kept) }
    let calls = Double(outcome.tier("servers").arrivals) / Double(outcome["users"].arrived)
    #expect(abs(calls - 101) < 0.2)
    #expect(abs(slow(outcome) - (1 - pow(1 - 0.000_1, 100))) < 0.01)
  }

  private func fanOut(_ call: (Tier) -> any Routable) -> SystemOutcome {
    let one = RandomDuration.mixture([
      (99, .exactly(.milliseconds(10))), (1, .exactly(.seconds(1))),
    ])
    let servers = Tier("servers", servers: 10_000, service: one)
    let calls = Array(repeating: call(servers), count: 100)
    return System { Source("users", .poisson(perSecond: 20), to: Route.parallel(calls)) }
      .run(seed: 1, for: .seconds(200), drains: true)
  }

  private func slow(_ outcome: SystemOutcome) -> Double {
    1 - outcome["users"].response.share(within: .milliseconds(500))
  }

  /// Bronson and others, *Metastable Failures in Distributed Systems*, HotOS 2021: the failure stays
  /// after its trigger has gone, and only where retries sustain it: (1 + retries) × load > 1.
  @Test(arguments: [(0.8, 3, true), (0.2, 3, false), (0.8, 0, false)])
  func retriesKeepAFailureUp(load: Double, retries: Int, stays: Bool) {
    let trigger = Outage(at: .seconds(10), for: .seconds(10), of: 0..<1, slowdown: 100)
    let server = Tier("server", service: .exponential(mean: .milliseconds(2)), outages: [trigger])
    let outcome = System {
      Source(
        "users", .poisson(perSecond: 500 * load),
        to: server.timeout(after: .seconds(1)).retried(Retries(retries)))
    }.run(seed: 1, for: .seconds(200), every: .seconds(10))
    func answered(_ window: Int) -> Double {
      let interval = outcome["users"].series[window]
      return Double(interval.succeeded) / Double(interval.arrived)
    }
    #expect(answered(0) > 0.95)
    #expect(answered(1) < 0.5)
    #expect(stays ? answered(18) < 0.05 : answered(18) > 0.95)
  }
}
