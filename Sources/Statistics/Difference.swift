extension ConfidenceInterval {
  /// This interval for another coverage, as if it were Student's.
  ///
  /// - Parameters:
  ///   - level: the coverage wanted.
  ///   - processes: how many this interval was made from; at least two.
  /// - Returns: ends moved in proportion to Student's critical values.
  public func widened(to level: Double, processes: Int) -> ConfidenceInterval {
    precondition(coverage > 0 && processes >= 2, "an interval of one process has no width")
    let student = StudentDistribution(degreesOfFreedom: processes - 1)
    let factor = student.criticalValue(level) / student.criticalValue(coverage)
    return ConfidenceInterval(
      estimate: estimate, low: estimate - (estimate - low) * factor,
      high: estimate + (high - estimate) * factor, coverage: level)
  }

  /// The interval of the difference of two independent estimates, from their intervals alone. Of
  /// two log-ratios it is the log of the ratio of ratios: what one run's speedup is over another's.
  ///
  /// Both must have the same coverage, which is that of the result. Ends that are unlike stay so:
  /// no normal shape is assumed.
  ///
  /// Source: Zou and Donner, *Construction of confidence limits about effect measures*, 2008.
  public static func - (left: ConfidenceInterval, right: ConfidenceInterval) -> ConfidenceInterval {
    func distance(_ a: Double, _ b: Double) -> Double { (a * a + b * b).squareRoot() }
    let estimate = left.estimate - right.estimate
    return ConfidenceInterval(
      estimate: estimate,
      low: estimate - distance(left.estimate - left.low, right.high - right.estimate),
      high: estimate + distance(left.high - left.estimate, right.estimate - right.low),
      coverage: min(left.coverage, right.coverage))
  }
}

/// The level for each of `comparisons` intervals so that all of them together hold the truth at
/// `level`: Bonferroni's correction, which asks for no independence.
public func simultaneousLevel(_ level: Double, comparisons: Int) -> Double {
  precondition(comparisons >= 1, "a correction needs at least one comparison")
  return 1 - (1 - level) / Double(comparisons)
}

/// Which of many hypotheses fall when no more than `risk` is to be run of felling any true one:
/// the smallest p-value is compared with risk ÷ m, the next with risk ÷ (m − 1), until one stands.
///
/// Source: Holm, *A Simple Sequentially Rejective Multiple Test Procedure*, 1979.
///
/// - Returns: for each p-value, in the order given, whether its hypothesis falls.
public func holmRejections(_ pValues: [Double], risk: Double = 0.05) -> [Bool] {
  var rejected = [Bool](repeating: false, count: pValues.count)
  for (step, index) in pValues.indices.sorted(by: { pValues[$0] < pValues[$1] }).enumerated() {
    guard pValues[index] <= risk / Double(pValues.count - step) else { break }
    rejected[index] = true
  }
  return rejected
}

/// The probability of an estimate at least so far from 0 if the truth were 0, from its interval as
/// if that were Student's of so many processes. An estimate of 0 gives 1.
public func pValue(of interval: ConfidenceInterval, processes: Int) -> Double {
  precondition(interval.coverage > 0 && processes >= 2, "one process has no width")
  guard interval.estimate != 0 else { return 1 }
  let student = StudentDistribution(degreesOfFreedom: processes - 1)
  // The side that faces 0.
  let reach =
    interval.estimate > 0
    ? interval.estimate - interval.low : interval.high - interval.estimate
  guard reach > 0 else { return 0 }
  let t = abs(interval.estimate) / reach * student.criticalValue(interval.coverage)
  return Swift.max(0, 1 - student.central(t))
}
