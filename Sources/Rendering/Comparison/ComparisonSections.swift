import Results

/// Whether the predictions of both runs explain the differences.
enum AgreementSection {
  static func render(_ pair: ComparedPair) -> String {
    guard let sentence = ComparisonText.agreement(pair) else { return "" }
    let listed = pair.experiments.flatMap { experiment in
      experiment.candidates.filter { $0.agreement != nil }.flatMap { lines(experiment, $0, pair) }
    }
    let list = listed.isEmpty ? "" : "\n" + listed.joined()
    return Markdown.text(sentence) + "\n" + list
  }

  /// Empty if a model's reasons were not kept, as in a history, or are the same.
  private static func lines(
    _ experiment: ComparedExperiment, _ candidate: ComparedCandidate, _ pair: ComparedPair
  ) -> [String] {
    let reasons = [candidate.left, candidate.right].map { $0.predicted?.because ?? "" }
    guard reasons.allSatisfy({ !$0.isEmpty }), reasons[0] != reasons[1],
      let predicted = candidate.predictedRatio
    else { return [] }
    let place = ComparisonText.place(candidate, axis: experiment.left.account.axis)
    let head =
      "- \(Markdown.code(experiment.id)), \(Markdown.text(place)): measured "
      + "\(ComparisonText.ratio(candidate)), predicted \(Figures.ratio(predicted)) "
      + "(\(ComparisonText.word(candidate.agreement)))\n"
    return [head]
      + zip([pair.left, pair.right], reasons).map { side, reason in
        "  - \(Markdown.text(side.name)): \(Markdown.text(Answer.ended(reason)))\n"
      }
  }
}

/// Times of two runs, with their label.
enum ComparisonTimes {
  static func render(_ pair: ComparedPair) -> String {
    let shown = pair.experiments.flatMap { experiment in
      experiment.candidates.filter { $0.agreement != nil && $0.times != nil }
        .map { (experiment, $0) }
    }
    guard !shown.isEmpty else { return "" }
    var table = Markdown.Table()
    let (left, right) = (pair.left.name, pair.right.name)
    table.columns = [
      ("experiment", .left), ("variant, point", .left), ("baseline, \(left)", .right),
      ("baseline, \(right)", .right), ("candidate, \(left)", .right),
      ("candidate, \(right)", .right),
    ]
    table.rows = shown.compactMap { experiment, candidate in
      guard let times = candidate.times else { return nil }
      let place = ComparisonText.place(candidate, axis: experiment.left.account.axis)
      let mark = pair.isSameMachine && !pair.sharesTimes(experiment) ? " \\*" : ""
      return [Markdown.code(experiment.id) + mark, Markdown.text(place)]
        + (times.baseline + times.candidate).map { Figures.quantity($0, unit: times.unit) }
    }
    let hasMark = table.rows.contains { $0[0].hasSuffix("*") }
    return "\(label(pair))\n\n\(table.render())"
      + (hasMark ? "\n\\* Built by another toolchain or with other flags.\n" : "")
  }

  private static func label(_ pair: ComparedPair) -> String {
    pair.isSameMachine
      ? "Times per call where speedups differ. Times of two runs also differ by the machine's "
        + "drift, so they are not judged; they show which variant changed."
      : "Times per call where speedups differ, **on different machines**: they show the machines, "
        + "not the effect of a change."
  }
}

/// Differences of machines, builds and conditions, and what only one side has.
enum ComparisonMachines {
  static func facts(_ pair: ComparedPair) -> String {
    guard !pair.facts.isEmpty else { return "" }
    var table = Markdown.Table()
    table.columns = [("", .left), (pair.left.name, .left), (pair.right.name, .left)]
    table.rows = pair.facts.map { ([$0.name] + $0.values).map(Markdown.text) }
    return table.render()
  }

  static func numbers(_ pair: ComparedPair) -> String {
    guard pair.numbersCompared > 0 else { return "" }
    let count = pair.numbers.count
    let lead =
      "\(count) of \(pair.numbersCompared) differ by more than 2 % and beyond their intervals, "
      + "which are widened to hold simultaneously."
    guard count > 0 else { return lead + "\n" }
    var table = Markdown.Table()
    table.columns = [
      ("number", .left), (pair.left.name, .right), (pair.right.name, .right), ("ratio", .right),
    ]
    table.rows = pair.numbers.map { number in
      [Markdown.code(number.name)]
        + [number.left, number.right].map { Figures.quantity($0.interval, unit: $0.unit) }
        + [Figures.ratio(number.ratio)]
    }
    return "\(lead)\n\n\(table.render())"
  }

  static func missing(_ pair: ComparedPair) -> String {
    let names = [pair.left.name, pair.right.name].map(Markdown.text)
    let whole = pair.only.enumerated().flatMap { side, ids in
      ids.map { "- \(Markdown.code($0)): only in \(names[side])\n" }
    }
    let parts = pair.experiments.flatMap { experiment in
      experiment.missing.map { missing in
        let place = missing.place.isEmpty ? "" : ", \(Markdown.text(missing.place))"
        return "- \(Markdown.code(experiment.id))\(place): not measured in \(names[missing.side]), "
          + "\(Markdown.text(Answer.ended(missing.reason)))\n"
      }
    }
    let kept = pair.experiments.filter(\.isOneMeasurement).map {
      "- \(Markdown.code($0.id)): not measured again; both sides have the same measurement.\n"
    }
    return (whole + parts + kept).joined()
  }
}
