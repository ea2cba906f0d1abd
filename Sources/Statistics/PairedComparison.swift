/// One candidate against the baseline, from the log-ratios of its blocks.
public struct PairedComparison: Hashable, Sendable {
  /// The coverage that is asked for unless told.
  public static let level = 0.95
  /// The method that stood best in the simulations of METHODOLOGY.md.
  public static let method: any IntervalMethod = OrderStatisticInterval()

  /// The median log-ratio of each process that has blocks, in the order of the processes.
  public let processMedians: [Double]
  /// Blocks over all processes.
  public let blockCount: Int
  /// Of the log-ratio; above 0 the candidate is faster. `interval.ratio` is the speedup.
  public let interval: ConfidenceInterval

  /// - Parameters:
  ///   - blocks: for each process its blocks' log-ratios, ln(baseline ÷ candidate) where less is
  ///     better. A process of which every block was discarded is an empty list and does not count.
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
    blockCount = kept.reduce(0) { $0 + $1.count }
    interval = method.interval(kept, level: level)
  }
}
