import Results

/// The runs of an experiment's headline as a table.
enum TrendTable {
  static func render(_ trend: Trend, of experiment: ExperimentResult) -> String {
    var table = Markdown.Table()
    table.columns = [
      ("run", .left), ("preset", .left), ("speedup", .right), ("verdict", .left),
      ("predicted", .right), ("not as in the run before", .left),
    ]
    table.rows = trend.steps.map { step in
      [
        Markdown.text(step.run.started), Markdown.code(step.run.preset),
        step.candidate.speedup.map(Figures.ratio) ?? Figures.none, step.candidate.verdict.rawValue,
        step.candidate.predicted.map { Figures.ratio($0.speedup) } ?? Figures.none,
        step.changes.isEmpty ? Figures.none : Markdown.text(step.changes.joined(separator: ", ")),
      ]
    }
    let place = Answer.place(trend.point, experiment.account.axis)
    return "The headline (\(Markdown.text("\(trend.candidate), \(place)"))) in the last "
      + "\(trend.steps.count) runs that measured it.\n\n\(table.render())"
  }
}
