import Results

/// The predicted speedups of all points beside those that were measured.
enum PredictedTable {
  /// A row for each candidate and reference that was predicted at a point.
  static func render(_ experiment: ExperimentResult) -> String {
    let rows = experiment.points.flatMap { point in
      point.candidates.filter { $0.predicted != nil }.map { (point: point, candidate: $0) }
    }
    let names = Set(rows.map(\.candidate.name))
    let isOne = names.count < 2
    var table = Markdown.Table()
    table.columns =
      [(experiment.account.axis, .left)] + (isOne ? [] : [("variant", .left)])
      + [("predicted", .right), (experiment.knownBy.rawValue, .right), ("error", .right)]
    table.rows = rows.map { point, candidate in
      [Markdown.text(Answer.label(point.parameter.label))]
        + (isOne ? [] : [Markdown.text(experiment.label(candidate.name))]) + cells(candidate)
    }
    return table.rows.isEmpty ? "" : table.render()
  }

  private static func cells(_ candidate: CandidateResult) -> [String] {
    let error = candidate.predictionError.map(Figures.predictionError) ?? Figures.none
    return [
      candidate.predicted.map(Figures.ratio) ?? Figures.none,
      candidate.speedup.map(Figures.ratio) ?? Figures.none,
      candidate.isRefuted == true ? "\(error), **refuted**" : error,
    ]
  }
}
