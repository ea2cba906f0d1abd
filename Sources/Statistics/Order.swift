// What follows from the order of the values alone. The caller's collection is never rearranged:
// its order in time is data.

extension Collection where Element == Double {
  /// The middle value, or the mean of the two middle ones.
  ///
  /// - Precondition: not empty.
  /// - Complexity: O(n log n).
  public func median() -> Double { sorted().medianOfSorted }

  /// The value below which the share `probability` of the values lies, by linear interpolation
  /// between order statistics at (n − 1) · p.
  ///
  /// Source: type 7 of Hyndman and Fan, *Sample Quantiles in Statistical Packages*, 1996; the
  /// default of R, NumPy and Julia, so that a number can be checked with them.
  ///
  /// - Precondition: not empty; 0 ≤ `probability` ≤ 1.
  public func quantile(_ probability: Double) -> Double { sorted().quantileOfSorted(probability) }

  /// The median of the distances from the median: a spread that outliers cannot move. In the
  /// values' own unit; multiply by 1.4826 to estimate the standard deviation of a normal.
  ///
  /// - Precondition: not empty.
  public func medianAbsoluteDeviation() -> Double {
    let centre = median()
    return map { abs($0 - centre) }.median()
  }

  /// The distance from `centre` within which 95% of the values lie (quantile of type 7).
  ///
  /// - Precondition: not empty.
  public func percentile95AbsoluteDeviation(from centre: Double = 0) -> Double {
    map { abs($0 - centre) }.quantile(0.95)
  }
}

extension [Double] {
  /// The median of values that are in ascending order.
  var medianOfSorted: Double {
    precondition(!isEmpty, "a median needs at least one value")
    let middle = count / 2
    // Halved before the sum, so that two huge values do not overflow.
    return count % 2 == 1 ? self[middle] : self[middle - 1] / 2 + self[middle] / 2
  }

  /// The quantile of values that are in ascending order.
  func quantileOfSorted(_ probability: Double) -> Double {
    precondition(!isEmpty, "a quantile needs at least one value")
    precondition((0...1).contains(probability), "a probability lies between 0 and 1")
    let position = Double(count - 1) * probability
    let lower = Int(position)
    guard lower + 1 < count else { return self[count - 1] }
    let share = position - Double(lower)
    return self[lower] + share * (self[lower + 1] - self[lower])
  }
}
