import Results

/// What the counters say before and after.
public enum SignalTable {
  /// The signals that the experiment names first, then whatever else was not zero; what could not
  /// be counted is named with its reason. Empty where there is nothing to say.
  public static func render(_ experiment: ExperimentResult) -> String {
    guard let point = experiment.headline?.point ?? experiment.measuredPoints.first else {
      return ""
    }
    let signals = experiment.account.signals
    let counted = Set(point.variants.flatMap { $0.counters.keys })
    let others = counted.subtracting(signals).sorted()
    let shown = signals + others.filter { name in tells(name, in: point) }
    guard !shown.isEmpty else { return "" }
    var table = Markdown.Table()
    table.columns =
      [("per call", .left)] + point.variants.map { ($0.name, .right) }
    table.rows = shown.map { name in
      let label = signals.contains(name) ? "**\(Markdown.text(name))**" : Markdown.text(name)
      return [label] + point.variants.map { cell($0.counters[name]) }
    }
    let reasons = absences(signals + others, in: point)
    let lead = "Counted \(Markdown.text(Answer.at(point, experiment.account)))"
    let bold = signals.isEmpty ? "" : "; in bold, what gives the problem away"
    return "\(lead)\(bold):\n\n\(table.render())"
      + (reasons.isEmpty ? "" : "\n\(reasons.joined(separator: "\n"))\n")
  }

  /// Whether a counter that no one asked for has anything to say.
  private static func tells(_ name: String, in point: PointResult) -> Bool {
    point.variants.contains { ($0.counters[name]?.value ?? 0) != 0 }
  }

  private static func value(_ name: String, in point: PointResult) -> Bool {
    point.variants.contains { $0.counters[name]?.value != nil }
  }

  private static func cell(_ counter: Counter?) -> String {
    guard let counter, let value = counter.value else { return "unavailable" }
    return Markdown.text(Figures.quantity(value, unit: counter.unit))
  }

  /// One line for each reason, with all the counters that it took away.
  private static func absences(_ names: [String], in point: PointResult) -> [String] {
    var reasons: [(reason: String, names: [String])] = []
    for name in names where !value(name, in: point) {
      let counters = point.variants.compactMap { $0.counters[name] }
      let reason = counters.compactMap(\.unavailable).first ?? "it was not counted in this run"
      if let index = reasons.firstIndex(where: { $0.reason == reason }) {
        reasons[index].names.append(name)
      } else {
        reasons.append((reason, [name]))
      }
    }
    return reasons.map {
      "- Unavailable here: \($0.names.map(Markdown.text).joined(separator: ", ")) — "
        + Markdown.text(Answer.ended($0.reason))
    }
  }
}
