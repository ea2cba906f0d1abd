import Results
import Testing

@Suite("Distributions")
struct DistributionTests {
  private let some = Distribution([
    (value: 1, count: 90), (value: 5, count: 9), (value: 9, count: 1),
  ])

  @Test(
    "a quantile is the least value that enough observations do not exceed",
    arguments: [(0.5, 1.0), (0.9, 1), (0.91, 5), (0.99, 5), (0.991, 9), (1, 9), (0, 1)])
  func quantiles(share: Double, value: Double) { #expect(some.quantile(share) == value) }

  @Test(
    "so many lie beyond a percentile as its rank says", arguments: [(99.0, 1_000), (99.9, 10_000)])
  func ranks(percentile: Double, count: Int) {
    let all = Distribution((1...count).map { (value: Double($0), count: 1) })
    #expect(all.quantile(percentile / 100) == Double(count - 10))
  }

  @Test("what is merged is exact")
  func merging() {
    let other = Distribution([(value: 0.5, count: 2), (value: 5, count: 1)])
    let both = some.merged(with: other)
    #expect(both.values == [0.5, 1, 5, 9] && both.counts == [2, 90, 10, 1])
    #expect(both.count == some.count + other.count && other.merged(with: some) == both)
  }

  @Test("nothing observed has no quantile")
  func empty() {
    #expect(Distribution().quantile(0.5) == nil)
    #expect(some.merged(with: Distribution()) == some)
  }

  @Test(
    "ten observations must lie beyond a percentile",
    arguments: [(50.0, 20), (90, 100), (99, 1_000), (99.9, 10_000)])
  func fewest(percentile: Double, count: Int) {
    #expect(Distribution.fewest(forPercentile: percentile) == count)
  }
}
