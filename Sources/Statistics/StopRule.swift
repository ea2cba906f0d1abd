/// When a point has been measured well enough.
public struct StopRule: Hashable, Sendable {
  /// The half-width, as a log-ratio, that is narrow enough for any effect: 0.01 is about 1%.
  public let halfWidth: Double
  /// The half-width as a share of the effect's log-ratio that is narrow enough for a large one.
  public let shareOfEffect: Double
  /// Processes below which nothing is precise: their interval does not cover as often as it says.
  public let fewestProcesses: Int

  /// - Parameters:
  ///   - halfWidth: as a log-ratio.
  ///   - shareOfEffect: half-width ÷ |log-ratio|.
  ///   - fewestProcesses: before which nothing is precise.
  public init(
    halfWidth: Double = 0.01, shareOfEffect: Double = 0.05, fewestProcesses: Int = 6
  ) {
    self.halfWidth = halfWidth
    self.shareOfEffect = shareOfEffect
    self.fewestProcesses = fewestProcesses
  }

  /// The half-width at which this interval is narrow enough.
  public func target(_ interval: ConfidenceInterval) -> Double {
    max(halfWidth, shareOfEffect * abs(interval.estimate))
  }

  /// Whether every interval is narrow enough for its purpose. With no interval, nothing is; nor is
  /// one that covers less than a judgement asks for, as when most processes lost all their blocks.
  public func isPrecise(_ intervals: [ConfidenceInterval], processes: Int) -> Bool {
    processes >= fewestProcesses && !intervals.isEmpty
      && intervals.allSatisfy {
        $0.coverage >= JudgementRule.evidence && $0.halfWidth <= target($0)
      }
  }

  /// How many more processes are likely to be needed, from the width so far: it shrinks with the
  /// square root of their number, and with Student's factor while they are few. At least one
  /// unless all is precise already; nil where `limit` more would not be enough either.
  public func moreProcesses(
    _ intervals: [ConfidenceInterval], processes: Int, level: Double = PairedComparison.level,
    limit: Int = 1_000
  ) -> Int? {
    if isPrecise(intervals, processes: processes) { return 0 }
    let start = max(fewestProcesses, processes + 1)
    guard processes >= 2, !intervals.isEmpty else { return start - processes }
    let worst = intervals.map { $0.halfWidth / target($0) }.max()!
    let reach = worst / Self.widthFactor(processes, level: level)
    guard start <= processes + limit else { return nil }
    let enough = (start...(processes + limit)).first {
      reach * Self.widthFactor($0, level: level) <= 1
    }
    return enough.map { $0 - processes }
  }

  /// The half-width of Student's interval for `count` values of standard deviation 1.
  private static func widthFactor(_ count: Int, level: Double) -> Double {
    StudentDistribution(degreesOfFreedom: count - 1).criticalValue(level)
      / Double(count).squareRoot()
  }
}
