import Results

/// What decides a computed or a simulated result: the rule of thumb, and what each input does by itself.
enum DecisionSection {
  /// More would hide those that matter.
  static let most = 8

  /// Empty for what has no uncertain inputs and does not say why.
  /// - Parameter link: from a path in the machine's folder to what stands in the page.
  static func render(_ experiment: ExperimentResult, _ link: (String) -> String) -> String {
    let rule = DecisionText.rule(experiment).map { Markdown.prose($0) + "\n" }
    guard let decision = experiment.decision, !decision.deciders.isEmpty else {
      return [rule, none(experiment)].compactMap { $0 }.joined(separator: "\n")
    }
    let chart =
      DecisionChart.drawing(experiment) == nil
      ? "" : Markdown.image("What decides", path: link(PagePath(experiment).decides))
    let blocks = [rule ?? "", chart, lead(experiment, decision), table(experiment, decision)]
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// Why there is nothing to draw, of what is simulated.
  private static func none(_ experiment: ExperimentResult) -> String? {
    if let reason = experiment.account.noUncertainty {
      return "No input is uncertain. \(Markdown.prose(reason))\n"
    }
    guard experiment.knownBy == .simulated, experiment.decision != nil else { return nil }
    return "No uncertain input by itself moves the ratio by half a per cent.\n"
  }

  private static func lead(_ experiment: ExperimentResult, _ decision: Decision) -> String {
    let place = Answer.place(decision.parameter.label, experiment.account.axis)
    return Markdown.text(
      "Each input was moved over its interval by itself, the others staying at their values. "
        + "The ratio is “\(decision.candidate)” against “\(experiment.baselineName)” at \(place), "
        + "above 1 is better. \(turns(decision))\(along(experiment, decision))") + "\n"
  }

  /// At which value of which input the answer is another one.
  private static func turns(_ decision: Decision) -> String {
    let found = decision.deciders.compactMap { decider in
      decider.turn.map {
        "“\(decider.input.name)” is \(Figures.quantity($0, unit: decider.input.quantity.unit))"
      }
    }
    return found.isEmpty
      ? "No input by itself turns the answer there."
      : "The answer turns where \(found.prefix(most).joined(separator: ", or where "))."
  }

  /// Between which values of the sweep it is another one, where no break-even says so.
  private static func along(_ experiment: ExperimentResult, _ decision: Decision) -> String {
    guard decision.breakEven == nil, experiment.account.numericAxis else { return "" }
    let points = experiment.measuredPoints.compactMap { point in
      point.candidates.first { $0.name == decision.candidate }?.speedup.map {
        (place: Answer.place(point, experiment.account.axis), isBetter: $0.estimate > 1)
      }
    }
    let turns = zip(points, points.dropFirst()).filter { $0.isBetter != $1.isBetter }
      .map { "between \($0.place) and \($1.place)" }
    return turns.isEmpty ? "" : " Along the sweep it turns \(turns.joined(separator: " and "))."
  }

  private static func table(_ experiment: ExperimentResult, _ decision: Decision) -> String {
    let turns = decision.breakEven != nil
    var table = Markdown.Table()
    table.columns = [("input", .left), ("from – to", .right), ("ratio", .right)]
    if turns { table.columns.append(("break-even", .right)) }
    table.rows = decision.deciders.prefix(most).map { decider in
      let quantity = decider.input.quantity
      let ends = [quantity.low, quantity.high].map { Figures.quantity($0, unit: quantity.unit) }
      let ratios = [decider.ratioAtLow, decider.ratioAtHigh].map(Figures.ratio)
      var row = [
        decider.input.name, ends.joined(separator: " – "), ratios.joined(separator: " – "),
      ]
      if turns {
        let places = [decider.breakEvenAtLow, decider.breakEvenAtHigh].map {
          $0.map { Answer.label($0.label) } ?? "none"
        }
        row.append(places[0] == places[1] ? places[0] : places.joined(separator: " – "))
      }
      return row.map(Markdown.text)
    }
    return table.render()
  }
}
