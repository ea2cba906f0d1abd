/// One candidate against the baseline, from the log-ratios of its samples.
public struct PairedComparison: Hashable, Sendable {
  /// The default coverage.
  public static let level = 0.95
  /// The method that stood best in the simulations of METHODOLOGY.md.
  public static let method: any IntervalMethod = OrderStatisticInterval()

  /// The median log-ratio of each process that has any, in the order of the processes.
  public let processMedians: [Double]
  /// Log-ratios over all processes.
  public let ratioCount: Int
  /// Of the log-ratio; above 0 the candidate is faster. `interval.ratio` is the speedup.
  public let interval: ConfidenceInterval

  /// - Parameters:
  ///   - blocks: for each process the log-ratios of its pairs of samples, ln(baseline ÷ candidate)
  ///     where less is better. A process of which every block was discarded is an empty list and
  ///     does not count. Both sides of a pair must be of one kind, a sample each or the mean of
  ///     equally many: only then is the median 0 for identical kernels with skewed noise.
  ///   - method: how the interval is made.
  ///   - level: the coverage that is asked for.
  /// - Returns: nil if no process has a block.
  public init?(
    blocks: [[Double]], method: any IntervalMethod = PairedComparison.method,
    level: Double = PairedComparison.level
  ) {
    let kept = blocks.filter { !$0.isEmpty }
    guard !kept.isEmpty else { return nil }
    processMedians = kept.map { $0.median() }
    ratioCount = kept.reduce(0) { $0 + $1.count }
    interval = method.interval(kept, level: level)
  }
}
