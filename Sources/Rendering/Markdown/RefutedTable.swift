import Results

/// Where models were refuted, the largest error first.
enum RefutedTable {
  /// A row for each experiment, at its largest error.
  static func render(_ results: Results) -> String {
    let band = Figures.percent(CandidateResult.predictionBand)
    let misses = results.experiments.compactMap(Miss.init)
      .sorted { ($1.error, $0.experiment.id) < ($0.error, $1.experiment.id) }
    let lead = "Each prediction was stored before its measurement was taken."
    guard !misses.isEmpty else { return "\(lead) No model was refuted.\n" }
    var table = Markdown.Table()
    table.columns = [
      ("refuted model", .left), ("largest error at", .left), ("predicted", .right),
      ("measured", .right), ("error", .right), ("points refuted", .right),
    ]
    table.rows = misses.map(\.row)
    return
      "\(lead) A model is refuted where it is off by more than \(band) and the predicted and the "
      + "measured intervals do not overlap: it leaves out something that matters "
      + "there.\n\n\(table.render())"
  }

  private struct Miss {
    let experiment: ExperimentResult
    let point: PointResult
    let candidate: CandidateResult
    /// |predicted − measured| ÷ measured.
    let error: Double
    let refuted: Int
    let judged: Int

    init?(_ experiment: ExperimentResult) {
      let judged = experiment.candidates.compactMap { point, candidate in
        candidate.predictionError.map { (point: point, candidate: candidate, error: abs($0)) }
      }
      let refuted = judged.filter { $0.candidate.isRefuted == true }
      guard let worst = refuted.max(by: { $0.error < $1.error }) else { return nil }
      self.experiment = experiment
      (point, candidate, error) = worst
      self.refuted = refuted.count
      self.judged = judged.count
    }

    var row: [String] {
      let place = Answer.place(point, experiment.account.axis)
      return [
        "[\(Markdown.text(experiment.id))](\(PagePath(experiment).page))",
        Markdown.text("\(candidate.name), \(place)"),
        candidate.predicted.map { Figures.ratio($0.speedup) } ?? Figures.none,
        candidate.speedup.map(Figures.ratio) ?? Figures.none,
        candidate.predictionError.map(Figures.predictionError) ?? Figures.none,
        "\(refuted) of \(judged)",
      ]
    }
  }
}
