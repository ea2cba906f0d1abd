/// What the intervals say of a candidate. Never a bare number.
public enum Judgement: String, Sendable, Hashable, CaseIterable {
  /// The interval lies beyond the noise floor and the smallest effect of interest.
  case faster, slower
  /// The interval lies within the smallest effect of interest around 1.
  case same
  /// Neither can be said.
  case unresolved
}

/// The rule by which intervals of log-ratios become a judgement.
public struct JudgementRule: Hashable, Sendable {
  /// The default coverage that counts as evidence: five processes reach 93.75% from lowest to
  /// highest.
  public static let evidence = 0.93

  /// The smallest effect of interest as a ratio above 1: 1.02 is 2%.
  public let smallestEffect: Double
  /// Intervals that cover less often than this are no evidence: a lone process gives an interval
  /// without width, and must not win by that.
  public let smallestCoverage: Double

  /// - Parameters:
  ///   - smallestEffect: as a ratio above 1.
  ///   - smallestCoverage: what an interval must reach to count as evidence.
  public init(
    smallestEffect: Double = 1.02, smallestCoverage: Double = JudgementRule.evidence
  ) {
    precondition(smallestEffect > 1, "the smallest effect is a ratio above 1")
    self.smallestEffect = smallestEffect
    self.smallestCoverage = smallestCoverage
  }

  /// The largest distance from 0 that the null's interval reaches, as a log-ratio: the baseline
  /// measured against itself strays that far, so that nothing nearer may be claimed.
  public static func noiseFloor(_ null: ConfidenceInterval) -> Double {
    max(abs(null.low), abs(null.high))
  }

  /// - Parameters:
  ///   - candidate: log-ratio against the baseline, above 0 where the candidate is better.
  ///   - null: log-ratio of the baseline against itself.
  ///   - isDisturbed: whether the candidate's interval has been widened by what disturbances can
  ///     have done, so that nothing is known to be the same.
  public func judge(
    _ candidate: ConfidenceInterval, null: ConfidenceInterval, isDisturbed: Bool = false
  ) -> Judgement {
    guard min(candidate.coverage, null.coverage) >= smallestCoverage else { return .unresolved }
    let effect = naturalLogarithm(smallestEffect)
    let bound = max(effect, Self.noiseFloor(null))
    if candidate.low > bound { return .faster }
    if candidate.high < -bound { return .slower }
    if !isDisturbed, candidate.low >= -effect, candidate.high <= effect { return .same }
    return .unresolved
  }
}
