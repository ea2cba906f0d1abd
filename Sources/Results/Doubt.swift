import Statistics

/// Why a candidate has no verdict. By the same bounds as `JudgementRule`, from what is stored.
public enum Doubt: Equatable, Sendable {
  /// Too few processes gave a value, so that the interval is no evidence.
  case fewProcesses
  /// The interval includes 1, and does not lie within the smallest effect of interest.
  case direction
  /// The interval does not lie beyond the noise floor.
  case noise
  /// The interval does not lie beyond the smallest effect of interest.
  case small
  /// The figures include disturbed blocks, which can have made as large a difference.
  case disturbed
}

extension PointResult {
  /// Nil where the candidate has a verdict, and where nothing shows why it has none.
  public func doubt(of candidate: CandidateResult) -> Doubt? {
    guard candidate.verdict == .unresolved, let speedup = candidate.speedup, let null, null.low > 0,
      speedup.low > 0
    else { return nil }
    let rule = JudgementRule()
    // What is computed has none.
    if processes > 0 {
      let pair = OrderStatisticInterval.pair(count: processes, level: PairedComparison.level)
      if pair.coverage < rule.smallestCoverage { return .fewProcesses }
    }
    let (effect, floor) = (rule.smallestEffect, max(null.high, 1 / null.low))
    let isSame = speedup.low >= 1 / effect && speedup.high <= effect
    let distance = max(speedup.low, 1 / speedup.high)
    if distance <= 1, !isSame { return .direction }
    if distance <= floor, floor > effect { return .noise }
    if distance <= effect, !isSame { return .small }
    if isDisturbed == true { return .disturbed }
    // Older results don't say that they were disturbed; only a warning does.
    return processes > 0 && warnings.isEmpty ? .fewProcesses : nil
  }
}
