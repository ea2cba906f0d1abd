import Harness
import Results
import ScaleBenchmarks
import Testing

/// What the simulated experiments give where it is known from elsewhere.
@Suite("Figures of scale known from elsewhere")
struct ScaleFiguresTests {
  /// The metric of each variant, in their order, over some seeds.
  private func means(_ id: String, at value: Int, seeds: ClosedRange<UInt64>) throws -> [Double] {
    let experiment = try #require(scaleBenchmarks.first { $0.id == id })
    let parameter = try #require(experiment.sweep.values.first { $0.value == value })
    var sums = [Double](repeating: 0, count: experiment.variants.count)
    for seed in seeds {
      let outcomes = try SmokeRun.outcomes(of: experiment, at: parameter, seed: seed)
      for (place, outcome) in outcomes.enumerated() {
        sums[place] += try #require(outcome.reports[experiment.metric.record.name]?.value)
      }
    }
    return sums.map { $0 / Double(seeds.count) }
  }

  /// Bailis et al., "Probabilistically Bounded Staleness", VLDB 2012, three replicas, at 0 ms.
  @Test(
    "fresh reads are as frequent as the published ones",
    arguments: [(0, 97.4), (1, 43.9), (2, 89.3)])
  func quorumsAreAsPublished(store: Int, published: Double) throws {
    let fresh = try means("scale/quorum", at: store, seeds: 1...3)
    #expect(abs(fresh[0] - published) < 1)
    #expect(fresh[1] == 100 && fresh[2] == 100)
  }

  /// By counting pairs of eight servers. With two customers their servers are 2, 3 or 4 with 1, 12
  /// and 15 of 28 chances, among which are 1, 3 or 6 pairs of 28.
  @Test("shuffled shards isolate as counting says", arguments: [(1, 1 / 28.0), (2, 127 / 784.0)])
  func shardsIsolate(faults: Int, share: Double) throws {
    let without = try means("scale/cells", at: faults, seeds: 1...5)
    #expect(without[0] == 100)
    let cells = 100 * (1 - (faults == 1 ? 7 / 8.0 : 49 / 64.0))
    #expect(abs(without[1] - cells) < 1.5)
    #expect(abs(without[2] - 100 * share) < 1.2)
  }

  /// By Little's law: the p99 is a little above the mean of users × D − 7 s.
  @Test("users who think wait as long as the busiest resource makes them")
  func usersWait() throws {
    let milliseconds = try means("scale/users", at: 8_000, seeds: 1...1).map { $0 / 1e6 }
    #expect(milliseconds[0] == 10_000)
    #expect((7_000...7_700).contains(milliseconds[1]))
    #expect((3_000...3_300).contains(milliseconds[2]))
    #expect(milliseconds[3] < 300)
  }
}
