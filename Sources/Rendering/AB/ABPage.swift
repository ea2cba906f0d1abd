import Results

/// The comparison of two sides in turns as Markdown, short enough for a pull request's comment.
public enum ABPage {
  /// Rows of a table and lines of a list. GitHub takes comments of at most 65,536 characters.
  private static let most = 80

  /// The same comparison gives the same bytes.
  /// - Parameter gate: the share by which nothing may be slower; nil for no gate.
  public static func render(_ comparison: ABComparison, gate: Double? = nil) -> String {
    let sides = comparison.sides.map { Markdown.code($0.name) }
    var blocks = [
      "# \(sides.joined(separator: " → "))\n", "**\(Markdown.text(ABText.finding(comparison)))**\n",
    ]
    if let gate { blocks.append(section(comparison, gate: gate)) }
    switch comparison.kind {
    case .commands: blocks += comparison.rows.map { command($0, comparison) }
    case .builds: blocks += builds(comparison)
    }
    blocks += notes(comparison)
    blocks.append(Markdown.text(ABText.method(comparison)) + "\n")
    blocks.append(setting(comparison))
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func section(_ comparison: ABComparison, gate: Double) -> String {
    let isClosed =
      !comparison.slower(by: gate).isEmpty || !comparison.risen(by: gate).isEmpty
    let state = !comparison.isComplete ? "undecided" : isClosed ? "closed" : "open"
    return "Gate at \(Figures.short(gate * 100)) %: **\(state)**.\n\n"
      + list(ABText.lines(comparison, share: gate))
  }

  private static func command(_ row: ABRow, _ comparison: ABComparison) -> String {
    var table = Markdown.Table()
    table.columns = [("", .left), ("first", .right), ("second", .right), ("ratio", .right)]
    table.rows =
      [
        [
          "time", Figures.quantity(row.before, unit: row.metric.unit),
          Figures.quantity(row.after, unit: row.metric.unit), "**\(Figures.ratio(row.ratio))**",
        ]
      ]
      + row.counts.map {
        [
          Markdown.text($0.name), ABText.counter($0.before), ABText.counter($0.after),
          ABText.ratio($0),
        ]
      } + [["null", "", "", Figures.ratio(row.null)]]
    return table.render() + "\n\(ABText.effort(row)).\n"
  }

  private static func builds(_ comparison: ABComparison) -> [String] {
    let changed = comparison.rows.filter { $0.verdict == .slower || $0.verdict == .faster }
    let sorted = changed.sorted { $0.ratio.estimate < $1.ratio.estimate }
    let all = comparison.rows
    return [
      changed.isEmpty ? "" : table(sorted, comparison),
      comparison.counts.isEmpty
        ? "" : "Counts that differ:\n\n" + list(comparison.counts.map(ABText.line)),
      all.isEmpty ? "" : details("All \(all.count) measurements", table(all, comparison)),
      comparison.missing.isEmpty
        ? ""
        : details(
          "Not compared: \(comparison.missing.count)",
          list(comparison.missing.map { ABText.line($0, comparison) })),
    ]
  }

  private static func list(_ lines: [String]) -> String {
    lines.prefix(most).map { "- \(Markdown.text($0))\n" }.joined() + rest(of: lines.count)
  }

  private static func rest(of count: Int) -> String {
    count > most ? "\nAnd \(count - most) more, which the file of --json has.\n" : ""
  }

  private static func table(_ rows: [ABRow], _ comparison: ABComparison) -> String {
    var table = Markdown.Table()
    table.columns = [
      ("experiment", .left), ("variant, point", .left), (comparison.sides[0].name, .right),
      (comparison.sides[1].name, .right), ("ratio", .right), ("null", .right), ("verdict", .left),
    ]
    table.rows = rows.prefix(most).map { row in
      [
        Markdown.code(row.experiment), Markdown.text(ABText.place(row)),
        Figures.quantity(row.before.estimate, unit: row.metric.unit),
        Figures.quantity(row.after.estimate, unit: row.metric.unit), ABText.ratio(row),
        Figures.ratio(row.null), ABText.verdict(row),
      ]
    }
    return table.render() + rest(of: rows.count)
  }

  private static func details(_ summary: String, _ body: String) -> String {
    "<details><summary>\(summary)</summary>\n\n\(body)\n</details>\n"
  }

  private static func notes(_ comparison: ABComparison) -> [String] {
    comparison.notes.isEmpty
      ? [] : [comparison.notes.map { "- \(Markdown.text($0))\n" }.joined()]
  }

  private static func setting(_ comparison: ABComparison) -> String {
    let (run, machine) = (comparison.run, comparison.machine)
    let poor = comparison.conditions.filter { $0.grade == .poor }.map(\.name)
    let conditions = poor.isEmpty ? "" : " Poor conditions: \(poor.joined(separator: ", "))."
    let sides = comparison.sides.map(ABText.side).joined(separator: " → ")
    return Markdown.text(
      "\(comparison.kind == .builds ? "\(sides). " : "")\(machine.processor), \(machine.cores) cores; \(run.started), preset "
        + "\(run.preset), seed \(run.seed), perflab \(run.version).\(conditions)") + "\n"
  }
}
