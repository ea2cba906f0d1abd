/// The interval between two order statistics of the process medians.
///
/// It assumes nothing but independent processes: the median lies between the k-th lowest and the
/// k-th highest of n values unless fewer than k of them fall on one of its sides, which a fair
/// coin decides. The disadvantages are the width, and that only certain levels exist.
///
/// A candidate may be compared with several baselines that are alike. The values are then its ratios
/// against each, all of one distribution; how many of a process lie on one side follows from the
/// candidate's rank among the baselines (`RankCounts`), if its noise is like theirs.
///
/// Source: Conover, *Practical Nonparametric Statistics*, 3rd edition, section 3.2.
public struct OrderStatisticInterval: IntervalMethod {
  /// As METHODOLOGY.md calls it.
  public let name = "order statistics"

  /// There is nothing to choose.
  public init() {}

  /// The rank k, counted from 1, of the inmost pair (k-th lowest, k-th highest) that reaches the
  /// level, and its exact coverage. Where even lowest to highest does not reach it (fewer than six
  /// values at 95%), that pair with the coverage that it has.
  /// - Parameters:
  ///   - count: of the processes.
  ///   - baselines: values of each process.
  public static func pair(
    count: Int, baselines: Int = 1, level: Double
  ) -> (rank: Int, coverage: Double) {
    precondition(count >= 1, "an interval needs at least one value")
    let below = RankCounts(processes: count, baselines: baselines)
    var rank = 1
    while 2 * (rank + 1) <= count * baselines, 1 - 2 * below.atMost(rank) >= level { rank += 1 }
    return (rank, Swift.max(0, 1 - 2 * below.atMost(rank - 1)))
  }

  /// See `IntervalMethod`.
  public func interval(_ blocks: [[Double]], level: Double) -> ConfidenceInterval {
    interval(against: [blocks], level: level)
  }

  /// The same for a candidate and several baselines.
  /// - Parameter baselines: for each of them what `interval` takes, with the same processes.
  func interval(against baselines: [[[Double]]], level: Double) -> ConfidenceInterval {
    let ordered = baselines.joined().map { $0.median() }.sorted()
    let (rank, coverage) = Self.pair(
      count: baselines[0].count, baselines: baselines.count, level: level)
    return ConfidenceInterval(
      estimate: ordered.medianOfSorted, low: ordered[rank - 1],
      high: ordered[ordered.count - rank], coverage: coverage)
  }
}
