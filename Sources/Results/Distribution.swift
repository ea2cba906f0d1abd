/// Observations of a quantity, as the buckets of a histogram: exact counts of values that are kept to
/// three significant digits (HdrHistogram's resolution).
public struct Distribution: Equatable, Sendable, Codable {
  /// The highest value of each bucket that holds any observation, ascending.
  public private(set) var values: [Double]
  /// Observations in each bucket.
  public private(set) var counts: [Int]

  /// No observations.
  public init() { (values, counts) = ([], []) }

  /// - Parameter buckets: by ascending value.
  public init(_ buckets: [(value: Double, count: Int)]) {
    values = buckets.map(\.value)
    counts = buckets.map(\.count)
  }

  /// Observations in all.
  public var count: Int { counts.reduce(0, +) }

  /// The observations of both; buckets of one resolution stay exact.
  public func merged(with other: Distribution) -> Distribution {
    var buckets: [(value: Double, count: Int)] = []
    var (own, theirs) = (0, 0)
    while own < values.count || theirs < other.values.count {
      let left = own < values.count ? values[own] : .infinity
      let right = theirs < other.values.count ? other.values[theirs] : .infinity
      let value = min(left, right)
      var count = 0
      if left == value {
        count += counts[own]
        own += 1
      }
      if right == value {
        count += other.counts[theirs]
        theirs += 1
      }
      buckets.append((value, count))
    }
    return Distribution(buckets)
  }

  /// The least value that at least this share of the observations do not exceed; nil without any.
  /// - Parameter share: 0.99 for the 99th percentile.
  public func quantile(_ share: Double) -> Double? {
    // 0.999 of 10,000 is 9,990, and not the one after it because the product is a hair above.
    let rank = max(1, (share * Double(count) * (1 - 1e-12)).rounded(.up))
    var seen = 0
    for (value, count) in zip(values, counts) {
      seen += count
      if Double(seen) >= rank { return value }
    }
    return nil
  }

  /// Observations that a percentile needs, so that at least ten lie beyond it: 1,000 for the 99th,
  /// 10,000 for the 99.9th, 20 for the median.
  public static func fewest(forPercentile percentile: Double) -> Int {
    Int((10 / (1 - percentile / 100)).rounded())
  }
}
