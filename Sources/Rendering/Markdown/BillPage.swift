import Results

/// All decisions about money on one page, by what they save.
enum BillPage {
  /// Below the machine's folder.
  static let path = "cost/README.md"

  /// Nil where no decision was computed.
  static func render(_ results: Results) -> String? {
    let rows = results.experiments.compactMap(Row.init).sorted { $0.saved > $1.saved }
    guard !rows.isEmpty else { return nil }
    var table = Markdown.Table()
    table.columns = [
      ("decision", .left), ("before", .right), ("after", .right), ("saved", .right),
      ("break-even", .left), ("what decides", .left),
    ]
    table.rows = rows.map(\.cells)
    return """
      # The bill: \(rows.count == 1 ? "one decision" : "\(rows.count) decisions by what they save")

      Each at the point that its page chose beforehand, in dollars a month, with 95 % intervals on \
      the pages. A negative saving is a warning: what is often recommended costs more there. \
      *What decides* is the input that moves the result most.

      \(table.render())
      [All experiments](../README.md)

      """
  }

  /// An experiment with its headline.
  private struct Row {
    let saved: Double
    let cells: [String]

    init?(_ experiment: ExperimentResult) {
      guard experiment.account.metric.unit == .dollarsPerMonth, experiment.knownBy != .measured,
        let headline = experiment.headline, let before = headline.before, let after = headline.after
      else { return nil }
      saved = 1 - after.estimate / before.estimate
      // What is more than money says so.
      let metric = experiment.account.metric.name
      let remark = metric == "cost" ? "" : ", \(metric)"
      let isOpen = headline.candidate.verdict == .unresolved
      let path = PagePath(experiment)
      let page = path.area == "cost" ? path.name : "../\(path.area)/\(path.name)"
      let place = Answer.place(headline.point, experiment.account.axis)
      let turn = experiment.decision?.breakEven?.value.map { DecisionText.place($0, experiment) }
      cells =
        [
          "[\(Markdown.text(experiment.title))](\(page).md), "
            + Markdown.text("\(headline.candidate.name) at \(place)\(remark)")
        ]
        + [
          Figures.quantity(before.estimate, unit: before.unit),
          Figures.quantity(after.estimate, unit: after.unit),
          Figures.signedPercent(saved) + (isOpen ? ", unresolved" : ""),
          turn ?? "none", experiment.decision?.deciders.first?.input.name ?? Figures.none,
        ].map(Markdown.text)
    }
  }
}
