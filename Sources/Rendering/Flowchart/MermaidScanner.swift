/// Reads the parts of a statement from left to right.
struct MermaidScanner {
  private var rest: Substring

  init(_ text: Substring) { rest = text }

  var isAtEnd: Bool { rest.allSatisfy(\.isWhitespace) }

  private mutating func skipSpace() { rest = rest.drop(while: \.isWhitespace) }

  /// Whether this came next, and was passed.
  mutating func skip(_ text: String) -> Bool {
    skipSpace()
    guard rest.hasPrefix(text) else { return false }
    rest = rest.dropFirst(text.count)
    return true
  }

  /// An id: letters, digits and underlines.
  mutating func name() -> String? {
    skipSpace()
    let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    rest = rest[name.endIndex...]
    return name.isEmpty ? nil : String(name)
  }

  private static let shapes: [(open: String, close: String, shape: Flowchart.Shape)] = [
    ("([", "])", .round), ("[(", ")]", .round), ("((", "))", .round), ("{{", "}}", .hexagon),
    ("{", "}", .rhomb), ("(", ")", .round), ("[", "]", .box),
  ]

  /// A label in its brackets, in quotation marks or without.
  mutating func shape() -> (text: String, shape: Flowchart.Shape)? {
    for (open, close, shape) in Self.shapes where rest.hasPrefix(open) {
      let inner = rest.dropFirst(open.count)
      let isQuoted = inner.first == "\""
      let mark = isQuoted ? "\"" + close : close
      let start = isQuoted ? inner.dropFirst() : inner
      guard let end = start.range(of: mark) else { return nil }
      rest = start[end.upperBound...]
      return (String(start[..<end.lowerBound]), shape)
    }
    return nil
  }

  struct Link {
    var text: String?
    var isDotted: Bool
    var hasArrow: Bool
  }

  private static let plain: [(sign: String, isDotted: Bool, hasArrow: Bool)] = [
    ("-.->", true, true), ("-.-", true, false), ("-->", false, true), ("---", false, false),
    ("==>", false, true), ("===", false, false),
  ]

  private static let labelled: [(open: String, ends: [String], isDotted: Bool)] = [
    ("--", ["-->", "---"], false), ("-.", [".->", ".-"], true), ("==", ["==>", "==="], false),
  ]

  /// An arrow or a line, with its label.
  mutating func link() -> Link? {
    skipSpace()
    for (sign, isDotted, hasArrow) in Self.plain where skip(sign) {
      var link = Link(text: nil, isDotted: isDotted, hasArrow: hasArrow)
      if skip("|") {
        guard let end = rest.firstIndex(of: "|") else { return nil }
        link.text = Self.unquoted(rest[..<end])
        rest = rest[rest.index(after: end)...]
      }
      return link
    }
    for (open, ends, isDotted) in Self.labelled where skip(open) {
      skipSpace()
      let start = rest
      if skip("\"") {
        guard let close = rest.firstIndex(of: "\"") else { return nil }
        let text = String(rest[..<close])
        rest = rest[rest.index(after: close)...]
        guard let end = ends.first(where: { skip($0) }) else { return nil }
        return Link(text: text, isDotted: isDotted, hasArrow: end.hasSuffix(">"))
      }
      for end in ends {
        guard let range = start.range(of: end) else { continue }
        rest = start[range.upperBound...]
        return Link(
          text: Self.unquoted(start[..<range.lowerBound]), isDotted: isDotted,
          hasArrow: end.hasSuffix(">"))
      }
      return nil
    }
    return nil
  }

  private static func unquoted(_ text: Substring) -> String {
    var text = text.drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    if text.count >= 2, text.first == "\"", text.last == "\"" {
      text = text.dropFirst().dropLast()
    }
    return String(text)
  }
}

extension Substring {
  /// Where this text comes first.
  fileprivate func range(of other: String) -> Range<Index>? {
    var place = startIndex
    while place < endIndex {
      if self[place...].hasPrefix(other) {
        return place..<index(place, offsetBy: other.count)
      }
      place = index(after: place)
    }
    return nil
  }
}
