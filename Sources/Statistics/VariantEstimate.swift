/// A variant's own value: over processes the median of its process medians, with the interval.
///
/// Made on the scale of logarithms and turned back, so that the ends are above 0 and the estimate
/// fits the ratios that are made of the same samples.
///
/// - Parameters:
///   - samples: for each process the variant's samples, all above 0. Empty lists do not count.
///   - method: how the interval is made.
///   - level: the coverage that is asked for.
/// - Returns: in the samples' unit; nil if no process has a sample.
public func variantEstimate(
  _ samples: [[Double]], method: any IntervalMethod = PairedComparison.method,
  level: Double = PairedComparison.level
) -> ConfidenceInterval? {
  // The median is the same before and after taking logarithms, but for an even number.
  let centres = samples.filter { !$0.isEmpty }.map { [naturalLogarithm($0.median())] }
  return centres.isEmpty ? nil : method.interval(centres, level: level).ratio
}
