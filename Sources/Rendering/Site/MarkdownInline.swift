/// A piece of a line of Markdown.
indirect enum MarkdownInline: Equatable {
  /// Plain, its escapes undone.
  case text(String)
  /// `&lt;` and its like, as it stands.
  case entity(String)
  case code(String)
  case emphasis([MarkdownInline])
  case strong([MarkdownInline])
  case link([MarkdownInline], to: String)
  case image(String, path: String)
  case lineBreak

  /// The pieces of a paragraph, a heading or a cell.
  static func read(_ text: String) -> [MarkdownInline] {
    var reader = InlineReader(Array(text))
    return reader.read()
  }

  /// Without its markup.
  static func plain(_ pieces: [MarkdownInline]) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text), .code(let text), .image(let text, _): text
      case .entity(let entity): entities[entity] ?? entity
      case .emphasis(let inner), .strong(let inner), .link(let inner, _): plain(inner)
      case .lineBreak: " "
      }
    }.joined()
  }

  private static let entities = ["&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\""]
}

private struct InlineReader {
  private let characters: [Character]
  /// No link stands within a link.
  private let isInLink: Bool
  private var next = 0
  private var text = ""
  private var pieces: [EmphasisResolver.Piece] = []

  init(_ characters: [Character], isInLink: Bool = false) {
    self.characters = characters
    self.isInLink = isInLink
  }

  mutating func read() -> [MarkdownInline] {
    while next < characters.count {
      let isSpecial =
        switch characters[next] {
        case "\\": escape()
        case "`": code()
        case "&": entity()
        case "<": lineBreak()
        case "[": link()
        case "!": image()
        case "*", "_": delimiter()
        default: false
        }
      if !isSpecial {
        text.append(characters[next])
        next += 1
      }
    }
    flush()
    return EmphasisResolver.resolve(pieces)
  }

  private mutating func flush() {
    if !text.isEmpty { pieces.append(.whole(.text(text))) }
    text = ""
  }

  private mutating func add(_ piece: MarkdownInline, upTo end: Int) -> Bool {
    flush()
    pieces.append(.whole(piece))
    next = end
    return true
  }

  private mutating func escape() -> Bool {
    guard next + 1 < characters.count, let ascii = characters[next + 1].asciiValue,
      ascii > 32, ascii < 127, !characters[next + 1].isLetter, !characters[next + 1].isNumber
    else { return false }
    text.append(characters[next + 1])
    next += 2
    return true
  }

  private mutating func code() -> Bool {
    let length = run(at: next)
    guard let close = closing(length, from: next + length) else {
      // So many that close nothing are plain; fewer of them must not open something.
      text += String(repeating: "`", count: length)
      next += length
      return true
    }
    var inner = characters[(next + length)..<close].map { $0.isNewline ? " " : $0 }
    if inner.count > 2, inner.first == " ", inner.last == " ", inner.contains(where: { $0 != " " })
    {
      inner = Array(inner.dropFirst().dropLast())
    }
    return add(.code(String(inner)), upTo: close + length)
  }

  private func run(at start: Int) -> Int {
    characters[start...].prefix { $0 == characters[start] }.count
  }

  /// Where the code ends that so many backticks opened.
  private func closing(_ length: Int, from start: Int) -> Int? {
    var place = start
    while place < characters.count {
      guard characters[place] == "`" else {
        place += 1
        continue
      }
      let found = run(at: place)
      if found == length { return place }
      place += found
    }
    return nil
  }

  private mutating func entity() -> Bool {
    let rest = characters[next...].prefix(32)
    guard let end = rest.firstIndex(of: ";"), end > next + 1 else { return false }
    var name = characters[(next + 1)..<end]
    if name.first == "#" { name = name.dropFirst() }
    guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
      return false
    }
    return add(.entity(String(characters[next...end])), upTo: end + 1)
  }

  private mutating func lineBreak() -> Bool {
    let tag = Array("<br>")
    return characters[next...].starts(with: tag) ? add(.lineBreak, upTo: next + tag.count) : false
  }

  private mutating func link() -> Bool {
    guard !isInLink, let (label, target, end) = reference(at: next) else { return false }
    var reader = InlineReader(label, isInLink: true)
    return add(.link(reader.read(), to: target), upTo: end)
  }

  private mutating func image() -> Bool {
    guard next + 1 < characters.count, characters[next + 1] == "[",
      let (label, target, end) = reference(at: next + 1)
    else { return false }
    var reader = InlineReader(label, isInLink: true)
    return add(.image(MarkdownInline.plain(reader.read()), path: target), upTo: end)
  }

  /// `[label](target)`
  private func reference(at start: Int) -> (label: [Character], target: String, end: Int)? {
    var place = start + 1
    var depth = 1
    while place < characters.count {
      switch characters[place] {
      case "\\": place += 1
      case "`":
        let length = run(at: place)
        place = (closing(length, from: place + length) ?? place) + length - 1
      case "[": depth += 1
      case "]": depth -= 1
      default: break
      }
      if depth == 0 { break }
      place += 1
    }
    guard place + 1 < characters.count, characters[place + 1] == "(" else { return nil }
    let target = characters[(place + 2)...].prefix { $0 != ")" && $0 != " " && !$0.isNewline }
    guard target.endIndex < characters.count, characters[target.endIndex] == ")" else {
      return nil
    }
    return (Array(characters[(start + 1)..<place]), String(target), target.endIndex + 1)
  }

  private mutating func delimiter() -> Bool {
    let length = run(at: next)
    let before = next > 0 ? characters[next - 1] : " "
    let after = next + length < characters.count ? characters[next + length] : " "
    flush()
    pieces.append(
      .delimiter(EmphasisResolver.Run(characters[next], length, before: before, after: after)))
    next += length
    return true
  }
}
