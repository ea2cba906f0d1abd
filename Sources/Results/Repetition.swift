import Statistics

/// Ratios that were measured in two sessions, one after the other: what a second run would say.
public struct Repetition: Equatable, Sendable, Codable {
  /// How and when.
  public var run: Run
  /// Those that both sessions gave.
  public var ratios: [Ratio]

  /// One ratio, twice.
  public struct Ratio: Equatable, Sendable, Codable {
    /// `l2 same`, or an experiment's id, point and candidate.
    public var name: String
    /// Baseline ÷ candidate in the first session.
    public var first: Interval
    /// The same in the second one.
    public var second: Interval

    /// Of its parts, as they are.
    public init(name: String, first: Interval, second: Interval) {
      self.name = name
      self.first = first
      self.second = second
    }

    /// Second ÷ first - 1.
    public var difference: Double { second.estimate / first.estimate - 1 }
  }

  /// Of its parts, as they are.
  public init(run: Run, ratios: [Ratio]) {
    self.run = run
    self.ratios = ratios
  }

  /// Second estimates that lie inside the first session's interval. Five of six do where nothing but
  /// chance differs between the sessions: both estimates stray.
  public var inside: CalibrationSummary.Rate {
    CalibrationSummary.Rate(
      hits: ratios.count { $0.first.contains($0.second.estimate) }, trials: ratios.count)
  }

  /// Pairs of intervals that have a value in common; nearly all do where only chance differs.
  public var overlapping: CalibrationSummary.Rate {
    CalibrationSummary.Rate(
      hits: ratios.count { $0.first.low <= $0.second.high && $0.second.low <= $0.first.high },
      trials: ratios.count)
  }

  /// Median of |second ÷ first - 1|; nil without any ratio.
  public var medianDifference: Double? {
    ratios.isEmpty ? nil : ratios.map { abs($0.difference) }.median()
  }
}
