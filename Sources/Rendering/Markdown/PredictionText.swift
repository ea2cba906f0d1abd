import Results

/// Prediction and measurement in plain words.
public enum PredictionText {
  /// Whether the model holds, then its reasoning. The figures stand in the table of the points.
  public static func render(_ experiment: ExperimentResult) -> String {
    let judged = experiment.measuredPoints.flatMap { point in
      point.candidates.filter { $0.predicted != nil && $0.speedup != nil }.map { (point, $0) }
    }
    guard !judged.isEmpty else {
      return "Nothing was predicted for the points that were measured.\n"
    }
    let refuted = judged.filter { $0.1.isRefuted == true }.count
    let band = Figures.percent(CandidateResult.predictionBand)
    let count = judged.count
    let verdict =
      if refuted > 0 {
        "**Model refuted** at \(refuted) of \(count): off by more than \(band)."
      } else if count == 1 {
        "The model holds: it is within \(band) of the measurement."
      } else {
        "The model holds at all \(count) points: each is within \(band)."
      }
    return "\(verdict)\n\n\(PredictionReasons.render(judged, of: experiment))"
  }
}
