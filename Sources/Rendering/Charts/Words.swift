import Results

/// Charts in words: the `<desc>` for readers who can't see them.
enum Words {
  static func speedups(_ experiment: ExperimentResult) -> String {
    let parts = experiment.measuredPoints.map { point in
      let candidates = point.candidates.map { candidate -> String in
        guard let speedup = candidate.speedup else { return "\(candidate.name) not measured" }
        let predicted = candidate.predicted.map { ", predicted \(Figures.ratio($0.speedup))" }
        return "\(candidate.name) \(Figures.ratio(speedup))\(predicted ?? "")"
      }
      return "At \(point.parameter.label): \(candidates.joined(separator: "; "))."
    }
    return (["Speedup over \(experiment.baselineName) against \(experiment.account.axis)."] + parts)
      .joined(separator: " ")
  }

  static func values(_ experiment: ExperimentResult) -> String {
    let view = MetricView(experiment)
    let parts = experiment.measuredPoints.map { point in
      let values = point.variants.map { "\($0.name) \(view.text($0, at: point))" }
      return "At \(point.parameter.label): \(values.joined(separator: "; "))."
    }
    return (["\(view.name) against \(experiment.account.axis)."] + parts).joined(separator: " ")
  }

  /// Why there is no value.
  static func absence(_ candidate: CandidateResult?, _ point: PointResult) -> String {
    if let reason = candidate?.reason { return reason }
    switch point.status {
    case .measured, .pending: return "not measured"
    case .skipped: return "skipped: \(point.reason ?? "no reason given")"
    case .failed: return "failed: \(point.reason ?? "no reason given")"
    }
  }
}
