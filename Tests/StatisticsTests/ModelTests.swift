import Statistics
import Testing

/// Against published tables, and against values that were computed by other means.
@Suite struct ModelTests {
  private func isNear(_ value: Double, _ expected: Double, within share: Double = 0.001) -> Bool {
    abs(value - expected) <= share * abs(expected)
  }

  @Test(arguments: [
    (10, 5.0, 0.018385), (10, 8, 0.121661), (100, 90, 0.026957), (1_000, 980, 0.013831),
  ])
  func erlangB(servers: Int, load: Double, blocked: Double) {
    #expect(isNear(Erlang.blocking(servers: servers, load: load), blocked, within: 5e-5))
  }

  @Test(arguments: [
    (2, 0.7, 0.576471, 0.960784), (2, 0.9, 0.852632, 4.263158), (4, 0.9, 0.787753, 1.969383),
    (16, 0.7, 0.129676, 0.027016), (16, 0.9, 0.591343, 0.369590), (64, 0.9, 0.310663, 0.048541),
  ])
  func erlangC(servers: Int, busy: Double, waiting: Double, wait: Double) {
    let load = busy * Double(servers)
    #expect(isNear(Erlang.waiting(servers: servers, load: load), waiting, within: 5e-5))
    #expect(isNear(Erlang.meanWait(servers: servers, load: load), wait, within: 5e-5))
  }

  @Test func fewestServers() {
    #expect(Erlang.servers(load: 90, blocking: 0.027) == 100)
    let count = Erlang.servers(load: 5, waiting: 0.2)
    #expect(Erlang.waiting(servers: count, load: 5) <= 0.2)
    #expect(Erlang.waiting(servers: count - 1, load: 5) > 0.2)
  }

  @Test(arguments: [(86_400.0, 3_220.0, 3_180.0), (3_600, 657, 618)])
  func checkpoints(betweenFailures: Double, young: Double, daly: Double) {
    #expect(isNear(Checkpoints.young(cost: 60, betweenFailures: betweenFailures), young))
    let interval = Checkpoints.daly(cost: 60, betweenFailures: betweenFailures)
    #expect(isNear(interval, daly))
    func slowdown(_ interval: Double) -> Double {
      Checkpoints.slowdown(
        interval: interval, cost: 60, restart: 0, betweenFailures: betweenFailures)
    }
    #expect(slowdown(interval) < slowdown(0.8 * interval))
    #expect(slowdown(interval) < slowdown(1.2 * interval))
  }

  /// Prices and rates of Table 1 of Appuswamy et al., CACM 62(11), 2019.
  @Test(
    "the five-minute rule's figures of four decades",
    arguments: [
      (1_024.0, 15.0, 30_000.0, 5_000.0, 400.0),  // 1987, 1 KB: 400 s, rounded to five minutes
      (128, 64, 2_000, 15, 270),  // 1997, 8 KB: about five minutes
      (256, 83, 80, 0.047, 5_400),  // 2007, 4 KB: an hour and a half
      (256, 200, 49, 0.0049, 13_000),  // 2018, 4 KB: about four hours
      (256, 67_000, 415, 0.0049, 320),  // 2018, flash: five minutes
    ])
  func fiveMinuteRule(
    pages: Double, reads: Double, drive: Double, megabyte: Double, seconds: Double
  ) {
    let interval = FiveMinuteRule.seconds(
      pagesPerMegabyte: pages, readsPerSecond: reads, drive: drive, megabyte: megabyte)
    #expect(isNear(interval, seconds, within: 0.05))
  }

  @Test(arguments: [(0.5, 0.0), (0.8, 0.841621), (0.95, 1.644854), (0.01, -2.326348)])
  func normalQuantiles(share: Double, z: Double) {
    #expect(abs(StandardNormal.quantile(share) - z) < 1e-6)
    #expect(abs(StandardNormal.probability(below: z) - share) < 1e-6)
  }

  /// A textbook's: overage 30, underage 60 of normal demand 100 ± 30 (two thirds are covered).
  @Test func newsvendor() {
    let bought = Newsvendor.quantity(mean: 100, deviation: 30, short: 60, over: 30)
    #expect(isNear(bought, 112.92))
    #expect(isNear(StandardNormal.excess(over: 0), 0.398942))
    #expect(isNear(StandardNormal.excess(over: 1), 0.083315))
  }

  @Test func scalabilityThroughThreePoints() throws {
    let law = ScalabilityLaw(first: 995.6, contention: 0.02671, coherence: 0.000769)
    let points = [1.0, 8, 32].map { (count: $0, rate: law.rate($0)) }
    let found = try #require(ScalabilityLaw(through: points))
    #expect(isNear(found.first, law.first) && isNear(found.contention, law.contention))
    #expect(isNear(found.coherence, law.coherence) && isNear(found.best, 35.57))
    #expect(ScalabilityLaw(through: [(1, 10), (1, 10), (2, 20)]) == nil)
  }

  /// All of them in one window: n wⁿ⁻¹ − (n − 1) wⁿ. The means are those of 4,000 simulations.
  @Test func mostEventsInAWindow() {
    let four = ScanStatistic(events: 4, window: 0.2)
    #expect(isNear(four.probability(atLeast: 4), 4 * 0.008 - 3 * 0.0016, within: 1e-9))
    #expect(four.probability(atLeast: 1) == 1 && four.probability(atLeast: 5) == 0)
    #expect(ScanStatistic(events: 1, window: 0.1).mean == 1)
    #expect(isNear(ScanStatistic(events: 8, window: 1 / 6.0).mean, 3.49, within: 0.03))
    #expect(isNear(ScanStatistic(events: 40, window: 0.1).mean, 8.67, within: 0.03))
  }
}
