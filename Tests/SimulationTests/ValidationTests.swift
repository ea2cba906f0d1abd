import Statistics
import Testing

@testable import Simulation

/// A few short runs of each check; `perflab validate` makes long ones with many seeds.
@Suite struct ValidationTests {
  private static let checks = Validation.checks.filter { check in
    // What takes long to settle, or has theory only for large systems, stays for the command.
    !["mm1-95", "mg1-hyperexponential-16", "lru-8-10000", "lru-10-10000", "erlang-1000"].contains {
      check.id.hasPrefix($0)
    } && !check.id.hasPrefix("choices")
  }

  @Test(arguments: checks.map(\.id))
  func theoryLiesWithinAWideInterval(id: String) throws {
    let check = try #require(Self.checks.first { $0.id == id })
    let intervals = check.intervals(seed: 1, length: 0.04, level: 0.9999)
    for (quantity, interval) in zip(check.quantities, intervals) {
      // Short runs are not quite settled.
      let unsettled = 0.02 * abs(quantity.expected)
      #expect(
        interval.low - quantity.tolerance - unsettled <= quantity.expected
          && quantity.expected <= interval.high + quantity.tolerance + unsettled,
        "\(check.title), \(quantity.name): \(quantity.expected), simulated \(interval)")
    }
  }

  @Test func closedFormsGiveTheReferenceValues() {
    #expect(abs(Erlang.waiting(servers: 16, load: 14.4) - 0.591343) < 1e-6)
    #expect(abs(Erlang.meanWait(servers: 64, load: 57.6) - 0.048541) < 1e-6)
    #expect(abs(Erlang.blocking(servers: 1_000, load: 980) - 0.013831) < 1e-6)
    #expect(abs(Queueing.loss(capacity: 10, utilisation: 1.2) - 0.192586) < 1e-6)
    #expect(abs(Queueing.response(at: 0.99, utilisation: 0.95) - 92.1034) < 1e-4)
    #expect(abs(Queueing.wait(utilisation: 0.8, squaredVariation: 16) - 34) < 1e-9)
    let closed = Queueing.closedNetwork(users: 50, think: 1, demands: [0.02, 0.01, 0.005])
    #expect(abs(closed.throughput - 44.0894) < 1e-4 && abs(closed.response - 0.13406) < 1e-5)
    #expect(abs(Queueing.shortest(of: 2, utilisation: 0.99) - 5.4320) < 1e-4)
    #expect(abs(Queueing.shortest(of: 3, utilisation: 0.9) - 2.0279) < 1e-4)
  }

  @Test(arguments: [
    (0.8, 1_000, 0.2043, 0.3395), (0.8, 10_000, 0.4687, 0.5950), (1, 1_000, 0.5062, 0.6191),
    (1, 10_000, 0.7373, 0.8096),
  ])
  func leastRecentlyUsedByChe(exponent: Double, slots: Int, ratio: Double, best: Double) {
    for grouping in [0, 0.01] {
      let keys = CacheTheory(zipf: 100_000, exponent: exponent, grouping: grouping)
      #expect(abs(keys.hitRatio(slots: slots) - ratio) < 1e-4)
      #expect(abs(keys.bestHitRatio(slots: slots) - best) < 1e-4)
    }
    let curve = HitCurve(keys: 100_000, exponent: exponent)
    #expect(abs(curve.hitRatio(holding: Double(slots) / 100_000) - ratio) < 0.01 * ratio)
  }

  @Test func curvesEndAtTheirEnds() {
    let curve = HitCurve(keys: 1_000, exponent: 0.8)
    #expect(curve.hitRatio(holding: 0) == 0)
    #expect(curve.hitRatio(holding: 1) == 1 && curve.hitRatio(holding: 2) == 1)
  }

  @Test func aWrongTheoryIsNoticed() {
    let right = Validation.checks.first { $0.id == "mm1-50" }!
    let wrong = ValidationCheck(
      "wrong", "M/M/1 with a wrong formula", [.init("mean response, s", 2.2)], source: "none"
    ) { seed, length in
      [right.run(seed, length)[0]]
    }
    let result = ValidationResult(
      wrong, intervals: (1...20).map { wrong.intervals(seed: UInt64($0), length: 0.1) })
    #expect(!result.passes)
    #expect(Validation.page([result]).contains("**disagrees**"))
  }

  @Test func theBandIsTheBinomialOne() {
    #expect(ValidationResult.fewest(of: 200) == 179)
    #expect(ValidationResult.fewest(of: 20) == 15)
  }
}
