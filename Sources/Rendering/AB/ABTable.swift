import Results

/// The comparison of two sides in turns for the terminal.
public enum ABTable {
  /// The finding, a table, and what was not compared.
  /// - Parameter gate: the share by which nothing may be slower; nil for no gate.
  public static func render(
    _ comparison: ABComparison, gate: Double? = nil, width: Int, colour: Bool
  ) -> String {
    let table =
      comparison.kind == .commands
      ? comparison.rows.map(command) : comparison.rows.isEmpty ? [] : [builds(comparison)]
    let tail =
      comparison.notes + comparison.counts.map(ABText.line)
      + comparison.missing.map { ABText.line($0, comparison) }
      + (gate.map { ABText.lines(comparison, share: $0) } ?? [])
    return DisplayWidth.printable(ABText.finding(comparison)) + "\n"
      + table.map { "\n" + $0.render(width: width, colour: colour) }.joined()
      + (tail.isEmpty ? "" : "\n")
      + tail.map { DisplayWidth.printable($0) + "\n" }.joined()
  }

  private static func command(_ row: ABRow) -> TerminalTable {
    var table = TerminalTable([
      .init(""), .init("first", alignsRight: true), .init("second", alignsRight: true),
      .init("ratio", alignsRight: true), .init(""),
    ])
    table.add([
      .init("time"), .init(Figures.quantity(row.before, unit: row.metric.unit)),
      .init(Figures.quantity(row.after, unit: row.metric.unit)),
      .init(Figures.ratio(row.ratio), style(row)), .init(ABText.verdict(row), style(row)),
    ])
    for count in row.counts {
      table.add([
        .init(count.name), .init(ABText.counter(count.before)), .init(ABText.counter(count.after)),
        .init(ABText.ratio(count)),
      ])
    }
    table.add([
      .init("null"), .init(""), .init(""), .init(Figures.ratio(row.null), .muted),
      .init(ABText.effort(row), .muted),
    ])
    return table
  }

  private static func builds(_ comparison: ABComparison) -> TerminalTable {
    var table = TerminalTable([
      .init("experiment", shrinksTo: 18), .init("variant, point", shrinksTo: 16),
      .init(comparison.sides[0].name, alignsRight: true),
      .init(comparison.sides[1].name, alignsRight: true), .init("ratio", alignsRight: true),
      .init("null", alignsRight: true), .init("verdict"),
    ])
    for row in comparison.rows {
      table.add([
        .init(row.experiment), .init(ABText.place(row)),
        .init(Figures.quantity(row.before.estimate, unit: row.metric.unit)),
        .init(Figures.quantity(row.after.estimate, unit: row.metric.unit)),
        .init(ABText.ratio(row)), .init(Figures.ratio(row.null), .muted),
        .init(ABText.verdict(row), style(row)),
      ])
    }
    return table
  }

  private static func style(_ row: ABRow) -> TerminalTable.Style {
    switch row.verdict {
    case .faster: .good
    case .slower: .bad
    case .unresolved, .skipped: .warning
    case .same: .muted
    }
  }
}
