/// The atlas for people.
extension Atlas {
  /// A tree for the terminal; open slots are shown as such.
  public var text: String {
    var lines = [total]
    for category in categories {
      lines.append("\n\(category): \(coverage { $0.category == category })")
      for group in groups where group.category == category {
        lines.append("  \(group.name): \(group.filled) of \(group.slots)")
        let width = group.entries.map(\.id.count).max() ?? 0
        for entry in group.entries {
          let gap = String(repeating: " ", count: width - entry.id.count)
          lines.append("    \(entry.id)\(gap)  \(entry.outcome)")
        }
        if group.open > 0 { lines.append("    \(group.open) open") }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// `all: 40 of 280 slots: 38 measured, 1 simulated, 1 computed`
  private var total: String {
    "all: \(coverage()) slots" + (evidence.isEmpty ? "" : ": \(evidence)")
  }

  /// A page for the machine's folder: coverage by category, then each group with links to the
  /// pages of what was run.
  public var markdown: String {
    var table = Markdown.Table()
    table.columns = [("category", .left), ("slots with an experiment", .right)]
    table.rows = categories.map { category in
      [Markdown.text(category), coverage { $0.category == category }]
    }
    let kinds = evidence.isEmpty ? "" : ": \(evidence)"
    table.rows.append(["**all**", "**\(coverage())**\(kinds)"])
    let place = machine.map { " on \(Markdown.text($0))" } ?? ""
    var blocks = [
      "# Atlas\(place)\n",
      "The topics of the curriculum, with the results of those that have an experiment. "
        + "[All experiments on this machine](\(PagePath.index)).\n", table.render(),
    ]
    for category in categories {
      let items = groups.filter { $0.category == category }.map(Self.item)
      blocks.append("## \(Markdown.text(category))\n\n" + items.joined())
    }
    return blocks.joined(separator: "\n")
  }

  private static func item(_ group: Group) -> String {
    var result = "- \(Markdown.text(group.name)): \(group.filled) of \(group.slots)\n"
    for entry in group.entries {
      let title = Markdown.text(entry.title)
      let link = entry.page.map { "[\(title)](\($0))" } ?? title
      result += "  - \(link): \(Markdown.text(entry.outcome))\n"
    }
    return group.open == 0 ? result : result + "  - \(group.open) open\n"
  }
}
