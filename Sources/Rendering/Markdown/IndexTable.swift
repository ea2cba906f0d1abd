import Results

/// A machine's experiments, each by its headline.
enum IndexTable {
  /// A row for each; empty where there is none. Where not all were measured, a column says how each
  /// is known.
  /// - Parameter link: from a path in the machine's folder to what stands in the page.
  static func render(_ experiments: [ExperimentResult], link: (String) -> String) -> String {
    guard !experiments.isEmpty else { return "" }
    let isMixed = experiments.contains { $0.knownBy != .measured }
    var table = Markdown.Table()
    table.columns = [
      ("experiment", .left), ("variant, point", .left), ("speedup", .right), ("verdict", .left),
      ("over the sweep", .right), ("predicted", .right), ("error", .right),
    ]
    let rows = experiments.map { ($0, YardstickText.short($0)) }
    let isCompared = rows.contains { $0.1 != nil }
    if isCompared { table.columns.append((yardstickColumn, .left)) }
    if isMixed { table.columns.append(("evidence", .left)) }
    table.rows = rows.map { experiment, yardstick in
      row(experiment, link)
        + (isCompared ? [Markdown.text(yardstick ?? Figures.none)] : [])
        + (isMixed ? [experiment.knownBy.rawValue] : [])
    }
    return table.render()
  }

  /// The title of the column that says how the headline compares with peers and limits.
  static let yardstickColumn = "of best peer, of limit"

  private static func row(
    _ experiment: ExperimentResult, _ link: (String) -> String
  ) -> [String] {
    let link = "[\(Markdown.text(experiment.title))](\(link(PagePath(experiment).page)))"
    guard let headline = experiment.headline, let speedup = headline.candidate.speedup else {
      let status = experiment.status == .measured ? "no value" : experiment.status.rawValue
      return [link, Figures.none, Figures.none, status] + Array(repeating: Figures.none, count: 3)
    }
    let candidate = headline.candidate
    let error = candidate.predictionError.map(Figures.predictionError) ?? Figures.none
    return [
      link,
      Markdown.text(HeadlineText.place(headline, of: experiment)),
      "**\(Figures.ratio(speedup))**", candidate.verdict.rawValue,
      HeadlineText.range(experiment) ?? Figures.none,
      candidate.predicted.map { Figures.ratio($0.speedup) } ?? Figures.none,
      candidate.isRefuted == true ? "\(error), refuted" : error,
    ]
  }
}
