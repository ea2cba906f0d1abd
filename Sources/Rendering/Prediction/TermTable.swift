import Results

/// What the model is made of at the headline's point: every term with its numbers.
enum TermTable {
  /// Empty where the predictions have no terms.
  /// - Parameter numbers: a link to the page that defines the machine's numbers.
  static func render(_ experiment: ExperimentResult, numbers link: String? = nil) -> String {
    guard let view = TermView(experiment), let point = view.points.first else { return "" }
    var table = Markdown.Table()
    table.columns = [
      ("variant", .left), ("term", .left), ("value", .right), ("formula", .left),
      ("numbers", .left),
    ]
    for predicted in point.predictions ?? [] {
      let name = Markdown.text(experiment.label(predicted.name))
      var rows = predicted.terms.map { term in
        [
          "", "**\(TermView.letter(view.index(of: term)))** \(Markdown.text(term.name))",
          value(term, predicted, point), formula(term), numbers(term),
        ]
      }
      if predicted.terms.count(where: { !$0.isHidden }) > 1 {
        let total = TermView.figure(predicted.total, of: predicted, at: point)
        rows.append(["", "total", "**\(Markdown.text(total))**", "", ""])
      }
      if !rows.isEmpty { rows[0][0] = name }
      table.rows += rows
    }
    guard !table.rows.isEmpty else { return "" }
    let place = Answer.at(point, experiment.account)
    let sources = (point.predictions ?? []).flatMap(\.terms).flatMap(\.sources)
    let source = link.map { "[numbers](\($0))" } ?? "numbers"
    let machine =
      sources.contains { $0.source == here }
      ? " The \(source) were measured on this machine unless a source stands beside them." : ""
    let hidden =
      (point.predictions ?? []).flatMap(\.terms).contains(where: \.isHidden)
      ? " A value in brackets overlaps with a longer term and adds nothing to the total." : ""
    return Markdown.text("The model \(place), \(view.subject(at: point)).") + machine + hidden
      + "\n\n\(table.render())"
  }

  private static let here = "this machine"

  private static func value(
    _ term: PredictedTerm, _ predicted: PredictedVariant, _ point: PointResult
  ) -> String {
    let figure = Markdown.text(TermView.figure(term.value, of: predicted, at: point))
    return term.isHidden ? "(\(figure))" : figure
  }

  private static func formula(_ term: PredictedTerm) -> String {
    // A lone number has no formula of its own, and a constant is its value without the unit.
    let isNumber =
      term.sources.isEmpty
      ? Double(term.formula) != nil
      : term.sources.count == 1 && term.formula == term.sources[0].name
    let parts = [isNumber ? nil : term.formula, term.because].compactMap { $0 }
    return parts.map(Markdown.text).joined(separator: "<br>")
  }

  private static func numbers(_ term: PredictedTerm) -> String {
    term.sources.map { number in
      let value = Figures.quantity(number.value, unit: number.unit)
      let source = number.source == here ? "" : " (\(number.source))"
      return Markdown.text("\(number.name) \(value)\(source)")
    }.joined(separator: "<br>")
  }
}
