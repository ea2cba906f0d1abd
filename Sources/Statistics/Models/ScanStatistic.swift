/// The most of some events that fall into one window of a given length, wherever it lies: the peak
/// that independent events make by chance.
///
/// Source: Wallenstein and Neff, *An approximation for the distribution of the scan statistic*,
/// Statistics in Medicine 6, 1987. Exact for windows that hold all events.
public struct ScanStatistic: Sendable {
  /// Events, each uniform over the whole.
  public let events: Int
  /// The window, as a share of the whole.
  public let window: Double

  /// - Parameter window: a share of the whole, above 0.
  public init(events: Int, window: Double) {
    self.events = events
    self.window = window
  }

  /// The probability that some window holds at least so many.
  public func probability(atLeast count: Int) -> Double {
    guard count > 1 else { return events >= count ? 1 : 0 }
    guard count <= events else { return 0 }
    guard window < 1 else { return 1 }
    let exactly = binomial(count)
    let more = (count...events).reduce(0) { $0 + binomial($1) }
    return min(1, max(0, (Double(count) / window - Double(events) - 1) * exactly + 2 * more))
  }

  /// The mean of the largest number that a window holds.
  public var mean: Double {
    guard events > 0 else { return 0 }
    // The approximation is for rare peaks: it is not monotone where windows are usually fuller.
    var (sum, last) = (0.0, 1.0)
    for count in (1...events).reversed() {
      let chance = probability(atLeast: count)
      last = count == events ? chance : max(last, chance)
      sum += last
    }
    return sum
  }

  private func binomial(_ count: Int) -> Double {
    var value = 1.0
    for index in 0..<count {
      value *= Double(events - index) / Double(index + 1) * window
    }
    for _ in count..<events { value *= 1 - window }
    return value
  }
}
