/// Student's interval for the mean of the process medians, trimmed if asked.
///
/// It assumes that they are about normal; narrow where that holds. With `trim` above 0 the outmost
/// values lose their weight: Yuen's interval for the trimmed mean.
///
/// Source: Yuen, *The two-sample trimmed t for unequal population variances*, 1974, for one sample.
public struct StudentInterval: IntervalMethod {
  /// The share of the values cut off at each end.
  public let trim: Double

  /// `StudentInterval()` is the plain one.
  public init(trim: Double = 0) {
    precondition(trim >= 0 && trim < 0.5, "less than half can be trimmed at each end")
    self.trim = trim
  }

  /// As METHODOLOGY.md calls it.
  public var name: String { trim == 0 ? "Student" : "Yuen" }

  /// See `IntervalMethod`. One process gives a point of coverage 0.
  public func interval(_ blocks: [[Double]], level: Double) -> ConfidenceInterval {
    let ordered = blocks.map { $0.median() }.sorted()
    let cut = Int(Double(ordered.count) * trim)
    let kept = ordered.count - 2 * cut
    let centre = ordered[cut..<(ordered.count - cut)].mean()
    guard kept > 1 else {
      return ConfidenceInterval(estimate: centre, low: centre, high: centre, coverage: 0)
    }
    // Winsorized: what was cut counts as the outmost value that was kept.
    let winsorized = ordered.map { Swift.min(Swift.max($0, ordered[cut]), ordered[cut + kept - 1]) }
    let count = Double(ordered.count)
    let spread = winsorized.standardDeviation() * (count - 1).squareRoot()
    let error = spread / (Double(kept) * Double(kept - 1)).squareRoot()
    let reach = StudentDistribution(degreesOfFreedom: kept - 1).criticalValue(level) * error
    return ConfidenceInterval(
      estimate: centre, low: centre - reach, high: centre + reach, coverage: level)
  }
}
