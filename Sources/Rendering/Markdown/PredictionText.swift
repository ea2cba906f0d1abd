import Results

/// Prediction and measurement in plain words.
public enum PredictionText {
  /// One line for each candidate at each point; where a model was refuted, it says so.
  public static func render(_ experiment: ExperimentResult) -> String {
    let judged = experiment.measuredPoints.flatMap { point in
      point.candidates.filter { $0.predicted != nil && $0.speedup != nil }.map { (point, $0) }
    }
    guard !judged.isEmpty else {
      return "Nothing was predicted for the points that were measured.\n"
    }
    let refuted = judged.filter { $0.1.isRefuted == true }
    let band = Figures.percent(CandidateResult.predictionBand)
    let several = experiment.candidateNames.count > 1
    let lines = judged.map { point, candidate in
      line(candidate, at: Answer.place(point, experiment.account.axis), isNamed: several)
    }
    let count = judged.count
    let verdict =
      if refuted.isEmpty {
        count == 1
          ? "The model holds: it is within \(band) of the measurement."
          : "The model holds at all \(count) points: each is within \(band)."
      } else {
        "**Model refuted** at \(refuted.count) of \(count): off by more than \(band). "
          + "The model leaves out something that matters there."
      }
    return "\(verdict) Each prediction was stored before its measurement was taken.\n\n"
      + lines.joined(separator: "\n") + "\n"
  }

  private static func line(
    _ candidate: CandidateResult, at place: String, isNamed: Bool
  ) -> String {
    guard let predicted = candidate.predicted, let speedup = candidate.speedup,
      let error = candidate.predictionError
    else { return "" }
    let subject = isNamed ? "\(place), \(candidate.name)" : place
    let side = error < 0 ? "too low" : "too high"
    let miss = abs(error) < 0.005 ? "on the mark" : "\(Figures.percent(abs(error))) \(side)"
    let refuted = candidate.isRefuted == true ? " — **model refuted**" : ""
    return "- \(Markdown.text(subject)): expected \(Figures.ratio(predicted.speedup)), measured "
      + "\(Figures.ratio(speedup)), \(miss)\(refuted). "
      + Markdown.text(Answer.ended(predicted.because))
  }
}
