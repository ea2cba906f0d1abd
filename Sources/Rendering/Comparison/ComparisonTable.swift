import Results

/// A comparison for the terminal.
public enum ComparisonTable {
  /// A table for each side against the first, one row an experiment.
  public static func render(_ comparison: Comparison, width: Int, colour: Bool) -> String {
    comparison.pairs.map { render($0, width: width, colour: colour) }.joined(separator: "\n")
  }

  private static func render(_ pair: ComparedPair, width: Int, colour: Bool) -> String {
    var table = TerminalTable([
      .init("experiment", shrinksTo: 18), .init("at", shrinksTo: 10),
      .init(pair.left.name, alignsRight: true), .init(pair.right.name, alignsRight: true),
      .init("ratio", alignsRight: true), .init("change"), .init("points"),
      .init("predicted", alignsRight: true), .init("models"),
    ])
    for experiment in pair.experiments {
      if let leading = experiment.leading { table.add(cells(experiment, leading)) }
    }
    let head = [
      ComparisonText.title(pair), ComparisonText.relation(pair), ComparisonText.finding(pair),
    ]
    let tail = [ComparisonText.agreement(pair), facts(pair), numbers(pair), missing(pair)]
    let body = pair.candidates.isEmpty ? "" : table.render(width: width, colour: colour) + "\n"
    return head.map { DisplayWidth.printable($0) + "\n" }.joined() + "\n" + body
      + tail.compactMap { $0 }.map { DisplayWidth.printable($0) + "\n" }.joined()
  }

  private static func cells(
    _ experiment: ComparedExperiment, _ leading: ComparedCandidate
  ) -> [TerminalTable.Cell] {
    let style: TerminalTable.Style =
      switch leading.change {
      case .larger: .good
      case .smaller: .bad
      case .unresolved: .warning
      case .same: .muted
      }
    let differing = experiment.candidates.count { $0.agreement != nil }
    return [
      .init(experiment.id),
      .init(ComparisonText.place(leading, axis: experiment.left.account.axis)),
      .init(ComparisonText.speedup(leading.left)), .init(ComparisonText.speedup(leading.right)),
      .init(ComparisonText.ratio(leading), .bold), .init(leading.change.rawValue, style),
      .init("\(differing) of \(experiment.candidates.count)", differing == 0 ? .muted : .plain),
      .init(leading.predictedRatio.map(Figures.ratio) ?? ""),
      .init(ComparisonText.word(leading.agreement)),
    ]
  }

  private static func facts(_ pair: ComparedPair) -> String? {
    let listed = pair.facts.map { "\($0.name): \($0.values.joined(separator: " → "))" }
    return listed.isEmpty ? nil : "Conditions that differ: \(listed.joined(separator: "; "))."
  }

  private static func numbers(_ pair: ComparedPair) -> String? {
    guard pair.numbersCompared > 0 else { return nil }
    let shown = pair.numbers.prefix(5).map { "\($0.name) \(Figures.ratio($0.ratio.estimate))" }
    let list = shown.isEmpty ? "" : ": \(shown.joined(separator: ", "))"
    let rest = pair.numbers.count > shown.count ? ", …" : ""
    return "\(pair.numbers.count) of \(pair.numbersCompared) of the machine's numbers differ "
      + "beyond their intervals\(list)\(rest)."
  }

  private static func missing(_ pair: ComparedPair) -> String? {
    let count = pair.experiments.reduce(0) { $0 + $1.missing.count } + pair.only.joined().count
    let again = pair.experiments.count { $0.isOneMeasurement }
    let parts = [
      count > 0 ? "\(count) measured on one side only" : nil,
      again > 0 ? "\(again) not measured again: both sides have the same measurement" : nil,
    ]
    let listed = parts.compactMap { $0 }
    return listed.isEmpty ? nil : listed.joined(separator: "; ") + "."
  }
}

/// What a gate found, for the terminal.
public enum GateText {
  /// A line for each finding, and one for what is not judged.
  public static func render(_ gate: Gate) -> String {
    let lines = ComparisonText.lines(gate) + [ComparisonText.together(gate)].compactMap { $0 }
    return lines.map { DisplayWidth.printable($0) + "\n" }.joined()
  }
}
