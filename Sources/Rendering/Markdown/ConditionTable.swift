import Results

/// The state of a machine: what speaks against it in a table, the rest in a line.
enum ConditionTable {
  static func render(_ conditions: [Condition]) -> String {
    let good = conditions.filter { $0.grade == .good }
    let others = conditions.filter { $0.grade != .good }
    let list = good.map { Markdown.text("\($0.name) (\($0.value))") }.joined(separator: ", ")
    let parts = [
      others.isEmpty ? "" : table(others).render(), good.isEmpty ? "" : "Good: \(list).\n",
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func table(_ conditions: [Condition]) -> Markdown.Table {
    var table = Markdown.Table()
    table.columns = [
      ("condition", .left), ("grade", .left), ("value", .left), ("why it matters", .left),
      ("fix", .left),
    ]
    table.rows = conditions.map { condition in
      [
        Markdown.text(condition.name), "**\(condition.grade.rawValue)**",
        Markdown.text(condition.value), Markdown.text(condition.why),
        condition.fix.isEmpty ? Figures.none : Markdown.cellCode(condition.fix),
      ]
    }
    return table
  }
}
