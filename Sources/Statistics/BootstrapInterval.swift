/// The hierarchical bootstrap: draws processes, then blocks in each, and takes the middle share of
/// the medians that come out.
///
/// It assumes nothing of the shape, but many processes, because nothing beyond those seen can be
/// drawn; and it takes long. The result follows from the seed.
///
/// Source: Kalibera and Jones, *Quantifying Performance Changes with Effect Size Confidence
/// Intervals*, 2012, section 5.
public struct BootstrapInterval: IntervalMethod {
  /// As METHODOLOGY.md calls it.
  public let name = "bootstrap"
  /// Where the draws come from.
  public let seed: UInt64
  /// How often the whole experiment is resampled.
  public let resamples: Int

  /// - Parameters:
  ///   - seed: where the draws come from.
  ///   - resamples: how often the whole experiment is resampled.
  public init(seed: UInt64, resamples: Int = 1_000) {
    precondition(resamples >= 1, "a bootstrap needs at least one resample")
    self.seed = seed
    self.resamples = resamples
  }

  /// See `IntervalMethod`.
  public func interval(_ blocks: [[Double]], level: Double) -> ConfidenceInterval {
    var generator = SeededGenerator(seed: seed)
    let estimate = blocks.map { $0.median() }.median()
    let centres = (0..<resamples).map { _ in
      blocks.map { _ in Self.drawnMedian(blocks.randomElement(using: &generator)!, &generator) }
        .median()
    }.sorted()
    return ConfidenceInterval(
      estimate: estimate,
      low: Swift.min(estimate, centres.quantileOfSorted((1 - level) / 2)),
      high: Swift.max(estimate, centres.quantileOfSorted((1 + level) / 2)),
      coverage: level)
  }

  private static func drawnMedian(
    _ values: [Double], _ generator: inout SeededGenerator
  ) -> Double {
    values.map { _ in values.randomElement(using: &generator)! }.median()
  }
}
