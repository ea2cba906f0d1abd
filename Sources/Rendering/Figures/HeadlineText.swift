import Results

/// What stands for an experiment where there is room for one line.
public enum HeadlineText {
  /// How the candidate compares with the best peer and the limit: `0.95× of oneTBB task_group`; nil
  /// where neither was measured.
  public static func yardstick(_ outcome: Outcome) -> String? {
    YardstickText.short(peer: outcome.peer, limit: outcome.limit)
  }

  /// `faster 5.4× (5.2–5.6) at 4 MiB; 1.01× – 12× over the sweep`, after `simulated:` or
  /// `computed:` where it was not measured; nil where it has no headline.
  public static func line(_ outcome: Outcome) -> String? {
    guard let verdict = outcome.verdict, let speedup = outcome.speedup, let point = outcome.point
    else { return nil }
    let known = outcome.evidence ?? .measured
    let evidence = known == .measured ? "" : "\(known.rawValue): "
    let range = range(outcome.least, outcome.most).map { "; \($0) over the sweep" } ?? ""
    let place = Answer.at(point, axis: outcome.axis, isNumeric: outcome.numericAxis)
    return "\(evidence)\(verdict.rawValue) \(Figures.ratio(speedup)) \(place)\(range)"
  }

  /// What stands for the experiment: `WAL, readers = 1`, with a remark where it is not what was
  /// declared.
  static func place(
    _ headline: ExperimentResult.Headline, of experiment: ExperimentResult
  ) -> String {
    let place = Answer.place(headline.point, experiment.account.axis)
    let remark = experiment.missedHeadline == nil ? "" : " (not the declared headline)"
    return "\(headline.candidate.name), \(place)\(remark)"
  }

  /// Of the headline's candidate over the sweep: `1.01× – 12×`; nil of a single point.
  static func range(_ experiment: ExperimentResult) -> String? {
    range(experiment.headlineRange?.least, experiment.headlineRange?.most)
  }

  private static func range(_ least: Double?, _ most: Double?) -> String? {
    guard let least, let most else { return nil }
    return "\(Figures.ratio(least)) – \(Figures.ratio(most))"
  }
}

extension ExperimentResult {
  /// As tables and legends name a variant: `serial (reference)`, `memcpy (limit)`.
  func label(_ variant: String) -> String {
    if let kind = yardstick(variant) { return "\(variant) (\(kind.rawValue))" }
    return isReference(variant) ? "\(variant) (reference)" : variant
  }

  /// The candidates at all measured points. References are none.
  var candidates: [(point: PointResult, candidate: CandidateResult)] {
    measuredPoints.flatMap { point in
      point.candidates.filter { !isReference($0.name) }.map { (point, $0) }
    }
  }
}

extension Figures {
  /// A prediction with its interval: `5.0× (4.2–6.1)`.
  static func ratio(_ predicted: PredictedSpeedup) -> String {
    // Where nothing but counts decides, the ends differ by rounding alone.
    let interval = predicted.interval
    return interval.high > interval.low * (1 + 1e-9)
      ? ratio(interval) : ratio(predicted.speedup)
  }
}
