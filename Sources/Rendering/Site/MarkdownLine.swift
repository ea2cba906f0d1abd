/// What a line of Markdown can be.
enum MarkdownLine {
  /// The sign before an item of a list.
  struct Marker {
    /// `-`, `*`, `+`, `.` or `)`
    let kind: Character
    /// With the space after it.
    let width: Int
    var isOrdered: Bool { kind == "." || kind == ")" }
  }

  static func isBlank(_ line: String) -> Bool { line.allSatisfy(\.isWhitespace) }

  static func indent(_ line: String) -> Int { line.prefix { $0 == " " }.count }

  static func trimmed(_ line: String) -> String {
    var rest = line[...].drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }

  /// Whether the line ends a paragraph before it.
  static func startsBlock(_ line: String) -> Bool {
    fence(line) != nil || heading(line) != nil || isRule(line) || line.hasPrefix(">")
      || marker(line) != nil || isTag(line)
  }

  static func heading(_ line: String) -> MarkdownBlock? {
    let level = line.prefix { $0 == "#" }.count
    let rest = line.dropFirst(level)
    guard (1...6).contains(level), rest.isEmpty || rest.first == " " else { return nil }
    return .heading(level: level, text: trimmed(String(rest)))
  }

  static func fence(_ line: String) -> (length: Int, language: String)? {
    let length = line.prefix { $0 == "`" }.count
    let rest = line.dropFirst(length)
    return length < 3 || rest.contains("`") ? nil : (length, trimmed(String(rest)))
  }

  static func isRule(_ line: String) -> Bool {
    let text = line.filter { $0 != " " }
    return text.count >= 3 && (text.allSatisfy { $0 == "-" } || text.allSatisfy { $0 == "*" })
  }

  static func marker(_ line: String) -> Marker? {
    if let first = line.first, "-*+".contains(first) {
      return line.dropFirst().first == " " && !isRule(line) ? Marker(kind: first, width: 2) : nil
    }
    let digits = line.prefix { $0.isASCII && $0.isNumber }
    let rest = line[digits.endIndex...]
    guard !digits.isEmpty, digits.count < 10, let sign = rest.first, ".)".contains(sign),
      rest.dropFirst().first == " "
    else { return nil }
    return Marker(kind: sign, width: digits.count + 2)
  }

  /// Only the tags that our own writer uses, so that nothing from a results file gets through.
  static func isTag(_ line: String) -> Bool {
    let own = ["<table>", "</table>", "<tr>", "<tr valign=\"top\">", "</tr>", "<td>", "</td>"]
    if own.contains(line) { return true }
    guard line.hasPrefix("<th>"), line.hasSuffix("</th>"), line.count >= 9 else { return false }
    return !line.dropFirst(4).dropLast(5).contains("<")
  }

  static func alignments(_ line: String) -> [String]? {
    guard line.hasPrefix("|") else { return nil }
    var result: [String] = []
    for cell in cells(line) {
      let dashes = cell.filter { $0 != ":" }
      guard !dashes.isEmpty, dashes.allSatisfy({ $0 == "-" }) else { return nil }
      switch (cell.hasPrefix(":"), cell.hasSuffix(":")) {
      case (true, true): result.append("center")
      case (true, false): result.append("left")
      case (false, true): result.append("right")
      case (false, false): result.append("")
      }
    }
    return result
  }

  /// The cells between the bars; a bar after a backslash is a bar.
  static func cells(_ line: String) -> [String] {
    var result: [String] = []
    var cell = ""
    var isEscaped = false
    for character in trimmed(line).dropFirst() {
      if isEscaped {
        cell += character == "|" ? "|" : "\\\(character)"
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "|" {
        result.append(trimmed(cell))
        cell = ""
      } else {
        cell.append(character)
      }
    }
    if isEscaped { cell += "\\" }
    if !isBlank(cell) { result.append(trimmed(cell)) }
    return result
  }
}
