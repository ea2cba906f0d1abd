/// Wilson's interval for a share: so many hits in so many trials.
///
/// Unlike the textbook's p ± 1.96 √(p(1 − p)/n) it says something at 0 and at all hits too: 0 of
/// 100 false alarms is a share below 3.7%, not of 0.
///
/// Source: Wilson, *Probable Inference, the Law of Succession, and Statistical Inference*, 1927;
/// recommended by Brown, Cai and DasGupta, *Interval Estimation for a Binomial Proportion*, 2001.
///
/// - Parameters:
///   - hits: from 0 to `trials`.
///   - trials: above 0.
///   - level: the coverage wanted.
/// - Returns: the observed share with the interval around it, between 0 and 1.
public func shareInterval(
  hits: Int, of trials: Int, level: Double = PairedComparison.level
) -> ConfidenceInterval {
  precondition(trials > 0 && (0...trials).contains(hits), "hits lie between 0 and the trials")
  let count = Double(trials)
  let share = Double(hits) / count
  let z = normalCriticalValue(level)
  let centre = (share + z * z / (2 * count)) / (1 + z * z / count)
  let reach =
    z * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
    / (1 + z * z / count)
  return ConfidenceInterval(
    estimate: share, low: hits == 0 ? 0 : centre - reach,
    high: hits == trials ? 1 : centre + reach, coverage: level)
}
