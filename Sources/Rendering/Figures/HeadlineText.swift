import Results

/// What stands for an experiment where there is room for one line.
public enum HeadlineText {
  /// `faster 5.4× (5.2–5.6) at 4 MiB; 1.01× – 12× over the sweep`, after `simulated:` or
  /// `computed:` where it was not measured; nil where it has no headline.
  public static func line(_ experiment: ExperimentResult) -> String? {
    guard let headline = experiment.headline, let speedup = headline.candidate.speedup else {
      return nil
    }
    let evidence = experiment.knownBy == .measured ? "" : "\(experiment.knownBy.rawValue): "
    let range = range(experiment).map { "; \($0) over the sweep" } ?? ""
    return "\(evidence)\(headline.candidate.verdict.rawValue) \(Figures.ratio(speedup)) "
      + "\(Answer.at(headline.point, experiment.account))\(range)"
  }

  /// Of the headline's candidate over the sweep: `1.01× – 12×`; nil of a single point.
  static func range(_ experiment: ExperimentResult) -> String? {
    experiment.headlineRange.map { "\(Figures.ratio($0.least)) – \(Figures.ratio($0.most))" }
  }
}

extension ExperimentResult {
  /// As tables and legends name a variant: `serial (reference)`.
  func label(_ variant: String) -> String {
    isReference(variant) ? "\(variant) (reference)" : variant
  }

  /// The candidates at all measured points. References are none.
  var candidates: [(point: PointResult, candidate: CandidateResult)] {
    measuredPoints.flatMap { point in
      point.candidates.filter { !isReference($0.name) }.map { (point, $0) }
    }
  }
}

extension Figures {
  /// A prediction with the interval that follows from those of its numbers: `5.0× (4.2–6.1)`.
  static func ratio(_ predicted: PredictedSpeedup) -> String {
    guard let low = predicted.low, let high = predicted.high, low < high else {
      return ratio(predicted.speedup)
    }
    return ratio(Interval(estimate: predicted.speedup, low: low, high: high))
  }
}
