/// An estimate, the interval around it, and how often such an interval holds the truth.
///
/// `low ≤ estimate ≤ high`. The unit is that of the values it was made from; comparisons are made
/// of log-ratios, and `ratio` turns those into a speedup.
public struct ConfidenceInterval: Hashable, Sendable {
  /// The likeliest value.
  public var estimate: Double
  /// The lower end.
  public var low: Double
  /// The upper end.
  public var high: Double
  /// The share of such intervals that hold the true centre, under the method's assumptions. Where
  /// a method can reach only certain levels, this is the one reached, not the one asked for.
  public var coverage: Double

  /// - Parameters:
  ///   - estimate: the likeliest value.
  ///   - low: the lower end.
  ///   - high: the upper end.
  ///   - coverage: how often such intervals hold the truth, 0 to 1.
  public init(estimate: Double, low: Double, high: Double, coverage: Double) {
    self.estimate = estimate
    self.low = low
    self.high = high
    self.coverage = coverage
  }

  /// Half of the distance between the ends.
  public var halfWidth: Double { high / 2 - low / 2 }

  /// Whether `value` lies between the ends, or on one.
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }

  /// The interval of a log-ratio as one of a ratio.
  public var ratio: ConfidenceInterval {
    ConfidenceInterval(
      estimate: exponential(estimate), low: exponential(low), high: exponential(high),
      coverage: coverage)
  }
}
