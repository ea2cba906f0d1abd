import Results

/// Prediction and measurement in plain words.
public enum PredictionText {
  private typealias Judged = (point: PointResult, candidate: CandidateResult)

  /// Whether the model holds; then its terms beside what was measured, or, in results of schema 1,
  /// its reasoning.
  /// - Parameters:
  ///   - chart: a link to the chart of the terms; nil where there is none.
  ///   - numbers: a link to the page that defines the machine's numbers; nil where there is none.
  public static func render(
    _ experiment: ExperimentResult, chart: String? = nil, numbers: String? = nil
  ) -> String {
    let judged = experiment.measuredPoints.flatMap { point in
      point.candidates.filter { $0.predicted != nil && $0.speedup != nil }.map { (point, $0) }
    }
    guard !judged.isEmpty else {
      // What is computed is a model itself.
      return experiment.knownBy == .computed
        ? "" : "Nothing was predicted for the points that were \(experiment.knownBy.rawValue).\n"
    }
    let verdict = verdict(experiment, judged.filter { !experiment.isReference($0.1.name) })
    guard experiment.showsTerms else {
      return "\(verdict)\n\n\(PredictionReasons.render(judged, of: experiment))"
    }
    let blocks = [
      verdict + "\n",
      chart.map { Markdown.image("Predicted terms", path: $0) } ?? "",
      TermTable.render(experiment, numbers: numbers), PredictedTable.render(experiment),
    ]
    return blocks.filter { $0 != "" && $0 != "\n" }.joined(separator: "\n")
  }

  private static func verdict(_ experiment: ExperimentResult, _ judged: [Judged]) -> String {
    guard !judged.isEmpty else { return "" }
    let band = Figures.percent(CandidateResult.predictionBand)
    let word = experiment.knownBy.rawValue
    let refuted = judged.filter { $0.candidate.isRefuted == true }
    if !refuted.isEmpty {
      let found =
        "**Model refuted** at \(refuted.count) of \(judged.count) \(noun(judged)): off by more than "
        + band
      return experiment.showsTerms
        ? "\(found), and the predicted and the \(word) intervals do not overlap. "
          + worst(experiment, refuted)
        : "\(found)."
    }
    // A model whose interval overlaps the measured one is not refuted, however far off it is.
    let wide = judged.count {
      abs($0.candidate.predictionError ?? 0) > CandidateResult.predictionBand
    }
    if judged.count == 1 {
      return wide == 0
        ? "The model holds: it is within \(band) of the \(word) value."
        : "The model is not refuted: it is off by more than \(band), but the predicted and the "
          + "\(word) intervals overlap."
    }
    let holds = "The model holds at all \(judged.count) \(noun(judged))"
    if wide == 0 { return "\(holds): each is within \(band)." }
    let near = judged.count - wide
    let rest =
      near == 0
      ? "each is"
      : "\(near) \(near == 1 ? "is" : "are") within \(band), \(wide) \(wide == 1 ? "is" : "are")"
    return
      "The model is refuted at none of the \(judged.count) \(noun(judged)): \(rest) off by more, "
      + "but there the predicted and the \(word) intervals overlap."
  }

  private static func worst(_ experiment: ExperimentResult, _ refuted: [Judged]) -> String {
    let worst = refuted.max {
      abs($0.candidate.predictionError ?? 0) < abs($1.candidate.predictionError ?? 0)
    }
    guard let (point, candidate) = worst, let predicted = candidate.predicted,
      let speedup = candidate.speedup
    else { return "" }
    return Markdown.text(
      "The largest error is \(Answer.at(point, experiment.account)): “\(candidate.name)” "
        + "was predicted to be \(Figures.ratio(predicted)) and is \(Figures.ratio(speedup))"
        + (isNear(predicted, speedup) ? ", just outside of that interval." : "."))
  }

  /// Whether rounded figures would show a prediction inside an interval that it lies outside of.
  private static func isNear(_ predicted: PredictedSpeedup, _ measured: Interval) -> Bool {
    let places = Figures.places(for: measured)
    let gaps = [
      (predicted.interval.high, measured.low), (measured.high, predicted.interval.low),
    ]
    return gaps.contains { below, above in
      below < above && Figures.fixed(below, places: places) == Figures.fixed(above, places: places)
    }
  }

  /// Several candidates share their points.
  private static func noun(_ judged: [Judged]) -> String {
    Set(judged.map(\.candidate.name)).count > 1 ? "values" : "points"
  }
}
