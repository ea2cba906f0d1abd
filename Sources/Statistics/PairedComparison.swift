/// One candidate against the baseline, from the log-ratios of its samples.
public struct PairedComparison: Hashable, Sendable {
  /// The default coverage.
  public static let level = 0.95
  /// The method that stood best in the simulations of METHODOLOGY.md.
  public static let method = OrderStatisticInterval()

  /// Of the log-ratio; above 0 the candidate is faster. `interval.ratio` is the speedup.
  public let interval: ConfidenceInterval

  /// - Parameters:
  ///   - blocks: for each process the log-ratios of its pairs of samples, ln(baseline ÷ candidate)
  ///     where less is better. A process of which every block was discarded is an empty list and
  ///     does not count. Both sides of a pair must be of one kind, a sample each or the mean of
  ///     equally many: only then is the median 0 for identical kernels with skewed noise.
  ///   - level: the coverage that is asked for.
  /// - Returns: nil if no process has a block.
  public init?(blocks: [[Double]], level: Double = PairedComparison.level) {
    self.init(against: [blocks], level: level)
  }

  /// The same against several baselines that are alike, and like the candidate but for its effect:
  /// the interval is narrower, since it does not hang on one baseline's noise.
  /// - Parameter baselines: for each of them the blocks of every process. A process counts if it has
  ///   some against each.
  public init?(against baselines: [[[Double]]], level: Double = PairedComparison.level) {
    let kept = baselines[0].indices.filter { process in
      baselines.allSatisfy { !$0[process].isEmpty }
    }
    guard !kept.isEmpty else { return nil }
    interval = Self.method.interval(
      against: baselines.map { blocks in kept.map { blocks[$0] } }, level: level)
  }
}
