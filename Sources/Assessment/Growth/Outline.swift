import FoundationEssentials

/// A text of nested names, lists and values: a small part of YAML, or JSON.
///
/// Of YAML 1.2 it has mappings and lists in block style by indentation, lists `[a, b]` on one line,
/// quoted and plain values, and comments. Anchors, tags, several documents and texts of several lines
/// are refused with their line.
indirect enum Outline {
  case map([(key: String, value: Outline)], line: Int)
  case list([Outline], line: Int)
  case value(String, line: Int)

  var line: Int {
    switch self {
    case .map(_, let line), .list(_, let line), .value(_, let line): line
    }
  }

  init(_ text: String, in path: String) throws {
    if text.drop(while: \.isWhitespace).first == "{" {
      guard let json = try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) else {
        throw AssessmentError.damaged(path, line: 1, reason: "the JSON is cut off or damaged")
      }
      self = Self.of(json)
      return
    }
    var parser = OutlineParser(text, path)
    self = try parser.parse()
  }

  private static func of(_ json: JSONValue) -> Outline {
    switch json {
    case .object(let members):
      .map(members.sorted { $0.key < $1.key }.map { ($0.key, of($0.value)) }, line: 1)
    case .array(let items): .list(items.map(of), line: 1)
    case .text(let text): .value(text, line: 1)
    case .value(let number): .value("\(number)", line: 1)
    case .other: .value("", line: 1)
    }
  }
}

/// Reads the lines of an outline.
private struct OutlineParser {
  private struct Line {
    var number: Int
    var indent: Int
    var text: Substring
  }

  private var lines: [Line] = []
  private var place = 0
  private let path: String
  private var tabs: Int?
  private var depth = 0

  init(_ text: String, _ path: String) {
    self.path = path
    for (index, raw) in text.split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).enumerated() {
      let line = Self.withoutComment(raw)
      let indent = line.prefix { $0 == " " }.count
      let rest = line.dropFirst(indent)
      if rest.first == "\t" { tabs = tabs ?? index + 1 }
      // The mark of a document's beginning.
      if rest == "---", lines.isEmpty { continue }
      if !rest.isEmpty { lines.append(Line(number: index + 1, indent: indent, text: rest)) }
    }
  }

  /// A number sign begins a comment behind white space, and not inside of quotation marks.
  private static func withoutComment(_ line: Substring) -> Substring {
    var quote: Character?
    var last: Character = " "
    var end = line.endIndex
    for index in line.indices {
      let character = line[index]
      if let open = quote {
        if character == open { quote = nil }
      } else if character == "\"" || character == "'" {
        quote = character
      } else if character == "#", last == " " || last == "\t" {
        end = index
        break
      }
      last = character
    }
    var result = line[..<end]
    while let character = result.last, character.isWhitespace { result.removeLast() }
    return result
  }

  private func refuse(_ line: Int, _ reason: String) -> AssessmentError {
    .damaged(path, line: line, reason: reason)
  }

  mutating func parse() throws -> Outline {
    if let tabs { throw refuse(tabs, "a tab; YAML is indented with spaces") }
    guard let first = lines.first else { throw AssessmentError.empty(path) }
    let outline = try block(first.indent)
    if place < lines.count {
      throw refuse(lines[place].number, "less indented than the lines before")
    }
    return outline
  }

  private mutating func block(_ indent: Int) throws -> Outline {
    let first = lines[place]
    depth += 1
    defer { depth -= 1 }
    guard depth <= 50 else { throw refuse(first.number, "more than 50 levels") }
    if first.text.hasPrefix("- ") || first.text == "-" { return try list(indent) }
    guard Self.split(first.text) != nil else {
      throw refuse(first.number, "'\(first.text)' has no name; write 'name: value'")
    }
    return try map(indent)
  }

  private mutating func list(_ indent: Int) throws -> Outline {
    let start = lines[place].number
    var items: [Outline] = []
    while place < lines.count, lines[place].indent == indent, lines[place].text.hasPrefix("-") {
      let line = lines[place]
      let rest = line.text.dropFirst().drop { $0 == " " }
      if rest.isEmpty {
        place += 1
        guard place < lines.count, lines[place].indent > indent else {
          throw refuse(line.number, "an empty item of a list")
        }
        items.append(try block(lines[place].indent))
      } else if Self.split(rest) != nil {
        // The item's first name stands on the line of the dash.
        let inner = indent + line.text.count - rest.count
        lines[place] = Line(number: line.number, indent: inner, text: rest)
        items.append(try map(inner))
      } else {
        place += 1
        items.append(.value(try plain(rest, line.number), line: line.number))
      }
    }
    return .list(items, line: start)
  }

  private mutating func map(_ indent: Int) throws -> Outline {
    let start = lines[place].number
    var members: [(key: String, value: Outline)] = []
    while place < lines.count, lines[place].indent == indent {
      let line = lines[place]
      guard let (key, rest) = Self.split(line.text) else {
        throw refuse(line.number, "'\(line.text)' has no name; write 'name: value'")
      }
      if members.contains(where: { $0.key == key }) {
        throw refuse(line.number, "'\(key)' stands here twice")
      }
      place += 1
      if !rest.isEmpty {
        members.append((key, try value(rest, line.number)))
      } else if place < lines.count,
        lines[place].indent > indent
          || (lines[place].indent == indent && lines[place].text.hasPrefix("- "))
      {
        members.append((key, try block(lines[place].indent)))
      } else {
        members.append((key, .value("", line: line.number)))
      }
    }
    if place < lines.count, lines[place].indent > indent {
      throw refuse(lines[place].number, "more indented than the line before allows")
    }
    return .map(members, line: start)
  }

  private static func split(_ text: Substring) -> (key: String, rest: Substring)? {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    let after = text.index(after: colon)
    guard after == text.endIndex || text[after] == " " else { return nil }
    let key = text[..<colon]
    guard !key.isEmpty, !key.contains(" "), key.first != "\"", key.first != "[" else { return nil }
    return (String(key), text[after...].drop { $0 == " " })
  }

  private func value(_ text: Substring, _ line: Int) throws -> Outline {
    guard text.first == "[" else { return .value(try plain(text, line), line: line) }
    guard text.last == "]" else { throw refuse(line, "the list is not closed") }
    let parts = text.dropFirst().dropLast().split(separator: ",")
    return .list(
      try parts.map { part in
        .value(try plain(Substring(part.words.joined(separator: " ")), line), line: line)
      }, line: line)
  }

  private func plain(_ text: Substring, _ line: Int) throws -> String {
    if let quote = text.first, quote == "\"" || quote == "'" {
      guard text.count >= 2, text.last == quote else {
        throw refuse(line, "a quotation mark is not closed")
      }
      return String(text.dropFirst().dropLast())
    }
    if let first = text.first, "&*!|>{@`%".contains(first) {
      throw refuse(line, "'\(first)' begins something that this part of YAML does not have")
    }
    return String(text)
  }
}
