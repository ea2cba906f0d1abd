/// Wilcoxon's signed-rank interval around the Hodges–Lehmann estimate.
///
/// The estimate is the median of the means of all pairs of process medians, each with itself too;
/// the ends are order statistics of those means. It assumes that the process medians lie evenly on
/// both sides of their centre, not that they are normal: nearly as narrow as Student's where that
/// would be right, and unmoved by the odd process that landed badly.
///
/// Source: Hollander, Wolfe and Chicken, *Nonparametric Statistical Methods*, 3rd edition,
/// sections 3.2 and 3.3.
public struct SignedRankInterval: IntervalMethod {
  /// As METHODOLOGY.md calls it.
  public let name = "signed rank"

  /// There is nothing to choose.
  public init() {}

  /// See `IntervalMethod`. Fewer than six processes cannot reach 95%: lowest to highest then, with
  /// the coverage that it has.
  public func interval(_ blocks: [[Double]], level: Double) -> ConfidenceInterval {
    let centres = blocks.map { $0.median() }
    let means = Self.pairMeans(centres)
    let (rank, coverage) = Self.pair(count: centres.count, level: level)
    return ConfidenceInterval(
      estimate: means.medianOfSorted, low: means[rank - 1], high: means[means.count - rank],
      coverage: coverage)
  }

  /// The rank, counted from 1, of the inmost pair of ordered pair means that reaches the level,
  /// and its exact coverage.
  public static func pair(count: Int, level: Double) -> (rank: Int, coverage: Double) {
    precondition(count >= 1, "an interval needs at least one value")
    // The share of the 2ⁿ ways to give signs in which the positive ranks add up to each sum.
    let total = count * (count + 1) / 2
    var share = [Double](repeating: 0, count: total + 1)
    share[0] = 1
    for rank in 1...count {
      for sum in stride(from: total, through: 0, by: -1) {
        share[sum] = share[sum] / 2 + (sum >= rank ? share[sum - rank] / 2 : 0)
      }
    }
    var rank = 1
    var below = share[0]
    while 2 * (rank + 1) <= total, 1 - 2 * (below + share[rank]) >= level {
      below += share[rank]
      rank += 1
    }
    return (rank, Swift.max(0, 1 - 2 * below))
  }

  /// The means of all pairs with i ≤ j, in ascending order.
  private static func pairMeans(_ values: [Double]) -> [Double] {
    var means: [Double] = []
    means.reserveCapacity(values.count * (values.count + 1) / 2)
    for i in values.indices {
      for j in i..<values.count { means.append(values[i] / 2 + values[j] / 2) }
    }
    return means.sorted()
  }
}
