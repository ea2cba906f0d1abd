import Statistics

/// One candidate at one point, measured in two runs.
public struct ComparedCandidate: Equatable, Sendable {
  /// What became of a speedup from one run to the other.
  public enum Change: String, Equatable, Sendable, CaseIterable {
    /// The interval of the ratio lies beyond both runs' noise and the smallest effect of interest.
    case larger, smaller
    /// The interval lies within the smallest effect of interest around 1.
    case same
    /// Neither.
    case unresolved
  }

  /// Whether the ratio of the two predictions agrees with that of the measurements. Predictions of
  /// two runs differ only by the machines' numbers, which then explain the difference.
  public enum Agreement: String, Equatable, Sendable, CaseIterable {
    /// It lies in the interval of the measured one.
    case explained
    /// It has the same direction, and is smaller or larger.
    case partly
    /// It has the opposite direction.
    case contrary
    /// The predictions are the same within the smallest effect of interest.
    case notPredicted
    /// One of them is missing.
    case withoutPrediction
  }

  /// A variant's metric in both runs, in its unit. Times of two runs also differ by the
  /// machine's drift: they are shown and not judged.
  public struct Times: Equatable, Sendable {
    /// Of the baseline, in the first run and in the second.
    public var baseline: [Double]
    /// Of the candidate, in the first run and in the second.
    public var candidate: [Double]
    /// Of all four.
    public var unit: Unit
  }

  /// Where on the axis.
  public var parameter: Parameter
  /// As the experiment declares it.
  public var name: String
  /// In the first run.
  public var left: CandidateResult
  /// In the second run.
  public var right: CandidateResult
  /// How both are known.
  public var evidence: Evidence
  /// The second speedup ÷ the first, for the level that holds for all comparisons together. Nil
  /// where a run has too few processes for an interval, and for what is computed: its interval is
  /// that of its inputs, most of which both runs share.
  public var ratio: Interval?
  /// How far the nulls of both runs let the ratio stray, as a ratio above 1.
  public var floor: Double
  /// What the interval says.
  public var change: Change
  /// Nil where the values are missing.
  public var times: Times?

  /// The second prediction ÷ the first; nil where one is missing.
  public var predictedRatio: Double? {
    guard let before = left.predicted?.speedup, let after = right.predicted?.speedup,
      before > 0, after > 0
    else { return nil }
    return after / before
  }

  /// What the predictions say of a difference; nil where there is none.
  public var agreement: Agreement? {
    guard change == .larger || change == .smaller, let ratio else { return nil }
    guard let predictedRatio else { return .withoutPrediction }
    let effect = JudgementRule().smallestEffect
    if predictedRatio < effect, predictedRatio > 1 / effect { return .notPredicted }
    if ratio.contains(predictedRatio) { return .explained }
    return (predictedRatio > 1) == (ratio.estimate > 1) ? .partly : .contrary
  }

  /// Whether the speedup fell by more than a share of itself: the whole interval lies below, and
  /// beyond the noise.
  public func hasFallen(by share: Double) -> Bool {
    guard change == .smaller, let ratio else { return false }
    return ratio.high < 1 - share && ratio.high < 1 / floor
  }
}

/// A speedup with the evidence behind it.
struct MeasuredSpeedup {
  let candidate: CandidateResult
  let processes: Int
  private let log: ConfidenceInterval?
  private let null: ConfidenceInterval?
  private let hasDisturbedBlocks: Bool

  init(_ candidate: CandidateResult, at point: PointResult) {
    self.candidate = candidate
    processes = point.processes
    hasDisturbedBlocks = point.isDisturbed == true
    log = candidate.speedup.flatMap { Self.log($0, processes: point.processes) }
    null = point.null.flatMap { Self.log($0, processes: point.processes) }
  }

  /// Nil where the ends are no logarithms or the processes are too few to be evidence.
  /// - Parameter baselines: with which each process compared the candidate.
  static func log(
    _ interval: Interval, processes: Int, baselines: Int = 1
  ) -> ConfidenceInterval? {
    guard processes >= 2, interval.low > 0, interval.high.isFinite else { return nil }
    let coverage = OrderStatisticInterval.pair(
      count: processes, baselines: baselines, level: PairedComparison.level
    ).coverage
    guard coverage >= JudgementRule.evidence else { return nil }
    return ConfidenceInterval(
      estimate: naturalLogarithm(interval.estimate), low: naturalLogarithm(interval.low),
      high: naturalLogarithm(interval.high), coverage: coverage)
  }

  /// Whether its blocks were disturbed, so that a comparison of runs may draw nothing from them. In
  /// older results it shows in a missing verdict where the interval alone would have given one.
  private var isDisturbed: Bool {
    if hasDisturbedBlocks { return true }
    guard candidate.verdict == .unresolved, let log, let null else { return false }
    return JudgementRule().judge(log, null: null) != .unresolved
  }

  /// This speedup over another run's.
  /// - Parameter level: of the interval.
  func over(
    _ other: MeasuredSpeedup, level: Double
  ) -> (ratio: Interval, floor: Double, change: ComparedCandidate.Change)? {
    guard let log, let null, let otherLog = other.log, let otherNull = other.null else {
      return nil
    }
    let difference =
      log.widened(to: level, processes: processes)
      - otherLog.widened(to: level, processes: other.processes)
    let noise = null - otherNull
    let rule = JudgementRule()
    let judgement =
      isDisturbed || other.isDisturbed ? .unresolved : rule.judge(difference, null: noise)
    let ratio = difference.ratio
    return (
      Interval(estimate: ratio.estimate, low: ratio.low, high: ratio.high),
      exponential(JudgementRule.noiseFloor(noise)), ComparedCandidate.Change(judgement)
    )
  }
}

extension ComparedCandidate.Change {
  init(_ judgement: Judgement) {
    self =
      switch judgement {
      case .faster: .larger
      case .slower: .smaller
      case .same: .same
      case .unresolved: .unresolved
      }
  }
}
