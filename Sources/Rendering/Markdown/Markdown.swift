/// The few pieces of Markdown that pages are made of: CommonMark with GFM's tables.
enum Markdown {
  /// Plain text that must not turn into markup.
  static func text(_ plain: String) -> String {
    var result = ""
    let characters = Array(plain)
    for (index, character) in characters.enumerated() {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\\", "`", "*", "[", "]", "|", "~", "$": result += "\\\(character)"
      case "_":
        let isInside =
          index > 0 && index + 1 < characters.count && isWord(characters[index - 1])
          && isWord(characters[index + 1])
        result += isInside ? "_" : "\\_"
      case "\n", "\r\n", "\r", "\t": result += " "
      default: result.append(character)
      }
    }
    return result
  }

  private static func isWord(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "_"
  }

  /// Prose that an author wrote in Markdown: its emphasis and code stay, its HTML does not.
  static func prose(_ markdown: String) -> String {
    var result = ""
    var rest = Substring(markdown)
    while let character = rest.first {
      if character == "`" {
        let ticks = rest.prefix { $0 == "`" }
        let after = rest[ticks.endIndex...]
        if let close = closing(ticks.count, in: after) {
          result += rest[rest.startIndex..<close]
          rest = rest[close...]
        } else {
          result += ticks
          rest = after
        }
        continue
      }
      result += character == "<" ? "&lt;" : String(character)
      rest.removeFirst()
    }
    return result
  }

  /// The end of the code span that a run of this many backticks opened.
  private static func closing(_ count: Int, in text: Substring) -> Substring.Index? {
    var rest = text
    while let start = rest.firstIndex(of: "`") {
      let run = rest[start...].prefix { $0 == "`" }
      if run.count == count { return run.endIndex }
      rest = rest[run.endIndex...]
    }
    return nil
  }

  /// Code within a line.
  static func code(_ code: String) -> String {
    let single = String(code.map { $0.isNewline ? " " : $0 })
    guard !single.isEmpty else { return "" }
    let fence = String(repeating: "`", count: longestRun(single) + 1)
    let isTouching = single.hasPrefix("`") || single.hasSuffix("`")
    return isTouching ? "\(fence) \(single) \(fence)" : "\(fence)\(single)\(fence)"
  }

  /// The same inside a cell of a table, where a bar ends the cell even within code.
  static func cellCode(_ plain: String) -> String {
    code(String(plain.flatMap { $0 == "|" ? ["\\", "|"] : [$0] }))
  }

  /// Code on lines of its own.
  static func fenced(_ code: String, language: String) -> String {
    let fence = String(repeating: "`", count: max(3, longestRun(code) + 1))
    let end = code.hasSuffix("\n") ? "" : "\n"
    return "\(fence)\(language)\n\(code)\(end)\(fence)\n"
  }

  private static func longestRun(_ text: String) -> Int {
    var longest = 0
    var run = 0
    for character in text {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  /// A picture with its description.
  static func image(_ description: String, path: String) -> String {
    "![\(text(description))](\(path))\n"
  }

  /// Columns with their headings; the first is set left, those of figures right.
  struct Table {
    enum Alignment: String { case left = ":--", right = "--:" }

    var columns: [(title: String, alignment: Alignment)] = []
    /// Cells are Markdown; bars in them must be escaped, as `text` does.
    var rows: [[String]] = []

    func render() -> String {
      let head = line(columns.map { Markdown.text($0.title) })
      let rule = line(columns.map(\.alignment.rawValue))
      return head + rule + rows.map(line).joined()
    }

    private func line(_ cells: [String]) -> String {
      "| " + cells.joined(separator: " | ") + " |\n"
    }
  }
}
