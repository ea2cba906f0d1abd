import Foundation
import Statistics
import Testing

@testable import NetworkBenchmarks

/// The closed forms of the network experiments' models, against known values.
@Suite struct QueuesTests {
  private func isClose(_ value: Double, _ expected: Double, within share: Double = 0.01) -> Bool {
    abs(value / expected - 1) < share
  }

  @Test func erlangCIsTheTables() {
    // One server: the utilisation. Two servers at one Erlang: a third.
    #expect(isClose(Erlang.waiting(servers: 1, load: 0.8), 0.8))
    #expect(isClose(Erlang.waiting(servers: 2, load: 1), 1.0 / 3))
    #expect(isClose(Erlang.waiting(servers: 10, load: 8), 0.4092))
  }

  @Test func theWaitIsThatOfMM1() {
    // P(wait > t) = ρ e^(−(1 − ρ) t)
    let wait = Erlang.wait(at: 0.99, servers: 1, load: 0.8)
    #expect(isClose(0.8 * exp(-0.2 * wait), 0.01))
    #expect(Erlang.wait(at: 0.99, servers: 100, load: 1) == 0)
  }

  @Test func balancersAreOrderedAndMeetTheirLimits() {
    // A single server is M/M/1 for any balancer that has no choice.
    #expect(isClose(Queues.roundRobin(at: 0.99, utilisation: 0.8, servers: 1), 23.03))
    // Nobody waits at no load: the p99 of an exponential time.
    for time in [
      Queues.roundRobin(at: 0.99, utilisation: 0.001, servers: 8),
      Queues.leastOfTwo(at: 0.99, utilisation: 0.001),
    ] {
      #expect(isClose(time, 4.605))
    }
    let two = Queues.leastOfTwo(at: 0.99, utilisation: 0.8)
    let turns = Queues.roundRobin(at: 0.99, utilisation: 0.8, servers: 8)
    #expect(two < turns && turns < 23.03)
  }

  /// Mitzenmacher's table of mean response times at 80%, 90% and 95%, for two choices.
  @Test(arguments: [(0.8, 1.947), (0.9, 2.614), (0.95, 3.386)])
  func theFixedPointHasThePublishedMeans(utilisation: Double, mean: Double) {
    // The integral of the tail, by its percentiles.
    let steps = 4_000
    let times = (0..<steps).map {
      Queues.leastOfTwo(at: (Double($0) + 0.5) / Double(steps), utilisation: utilisation)
    }
    #expect(isClose(times.reduce(0, +) / Double(steps), mean))
  }

  /// Mathis et al. 1997: √(3 ÷ 2p) = 1.22 ÷ √p segments per round trip, where losses are rare.
  @Test(arguments: [1e-3, 1e-4, 1e-5]) func renoFollowsMathis(loss: Double) {
    let published = (1.5 / loss).squareRoot()
    let segments = Transfer.renoSegments(loss)
    // The round trip in which a loss is repaired counts less, the longer a cycle is.
    #expect(segments < published && segments > published * (1 - 2.5 * loss.squareRoot()))
  }

  @Test func theSlowestOfMany() {
    func slowest(_ count: Int, _ share: Double, hedged: Double? = nil) -> Double {
      Queues.slowest(
        of: count, at: share, usual: 1...3, rare: 20, share: 0.01, hedgedAt: hedged)
    }
    #expect(isClose(slowest(1, 0.98), 1 + 2 * 0.98 / 0.99))
    #expect(isClose(slowest(1, 0.995), 20))
    // 1 − 0.99^100 = 63%, as Dean and Barroso write.
    #expect(slowest(100, 0.36) < 4 && isClose(slowest(100, 0.38), 20))
    #expect(slowest(100, 0.9, hedged: 0.95) < 6.1)
  }
}
