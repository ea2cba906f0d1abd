import Results

/// The variants' code side by side.
///
/// A table in HTML whose cells hold fenced code between blank lines: GitHub sets the cells beside
/// one another, and where the tags are dropped the code still follows in order.
public enum SourceBlock {
  /// All excerpts; empty where there are none.
  public static func render(_ experiment: ExperimentResult) -> String {
    let names = experiment.variantNames
    let sources = experiment.account.sources
    let excerpts = names.map { name in sources.filter { $0.variant == name } }
    let shown = zip(names, excerpts).filter { !$0.1.isEmpty }
    guard !shown.isEmpty else { return "" }
    // What every variant shows is common ground and is told once.
    let common =
      shown.count < 2
      ? []
      : shown[0].1.filter { piece in
        shown.dropFirst().allSatisfy { other in other.1.contains { isSame($0, piece) } }
      }
    var columns: [(names: [String], code: [SourceExcerpt])] = []
    for (name, pieces) in shown {
      let own = pieces.filter { piece in !common.contains { isSame($0, piece) } }
      if own.isEmpty { continue }
      if let index = columns.firstIndex(where: { isSame($0.code, own) }) {
        columns[index].names.append(name)
      } else {
        columns.append(([name], own))
      }
    }
    var result = ""
    if columns.count > 1 {
      result += tables(columns, of: experiment)
    } else if let only = columns.first {
      let title = heading(only.names, of: experiment)
      result += "\(Markdown.text(title)):\n\n"
      result += block(only.code)
    }
    if !common.isEmpty {
      if !result.isEmpty { result += "\n" }
      let lead = columns.isEmpty ? "All variants run the same code" : "All variants share"
      result += "\(lead):\n\n\(block(common))"
    }
    return result
  }

  private static func isSame(_ a: SourceExcerpt, _ b: SourceExcerpt) -> Bool {
    a.file == b.file && a.line == b.line && a.code == b.code
  }

  private static func isSame(_ a: [SourceExcerpt], _ b: [SourceExcerpt]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { isSame($0, $1) }
  }

  /// Whose code it is. Several variants may run the same, the baseline among them.
  private static func heading(_ names: [String], of experiment: ExperimentResult) -> String {
    func list(_ names: [String]) -> String { names.map { "“\($0)”" }.joined(separator: ", ") }
    let base = experiment.baselineName
    let others = names.filter { $0 != base }
    if others.count < names.count {
      let same = others.isEmpty ? "" : "; the same code: " + list(others)
      return "before: \(list([base]))\(same)"
    }
    let areYardsticks = names.allSatisfy { experiment.yardstick($0) != nil }
    return (areYardsticks ? "to compare: " : "after: ") + list(names)
  }

  /// Two columns each: three do not fit a page.
  private static func tables(
    _ columns: [(names: [String], code: [SourceExcerpt])], of experiment: ExperimentResult
  ) -> String {
    var result = ""
    for start in stride(from: 0, to: columns.count, by: 2) {
      let row = columns[start..<min(start + 2, columns.count)]
      result += "<table>\n<tr>\n"
      for column in row {
        // Within HTML no Markdown is read, so that its escapes would show.
        result += "<th>\(XML.text(heading(column.names, of: experiment)))</th>\n"
      }
      result += "</tr>\n<tr valign=\"top\">\n"
      for column in row { result += "<td>\n\n\(block(column.code))\n</td>\n" }
      result += "</tr>\n</table>\n"
    }
    return result
  }

  private static func block(_ excerpts: [SourceExcerpt]) -> String {
    let code = excerpts.map { trimmed($0.code) }.joined(separator: "\n\n")
    let places = excerpts.map { Markdown.code("\($0.file):\($0.line)") }
    return Markdown.fenced(code, language: "swift") + "\n\(places.joined(separator: ", "))\n"
  }

  private static func trimmed(_ code: String) -> String {
    var lines = code.split(separator: "\n", omittingEmptySubsequences: false)
    while let last = lines.last, last.allSatisfy(\.isWhitespace) { lines.removeLast() }
    while let first = lines.first, first.allSatisfy(\.isWhitespace) { lines.removeFirst() }
    return lines.joined(separator: "\n")
  }
}
