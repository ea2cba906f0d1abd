/// A tiny reader that finds whether text is well-formed XML: tags closed in order, attributes
/// quoted and unique, every `&` the start of an entity, no forbidden characters.
struct XMLChecker {
  private var rest: Substring
  private var open: [String] = []

  /// What is wrong, or nil.
  static func problem(in text: String) -> String? {
    for scalar in text.unicodeScalars
    where scalar.value < 0x20 && !"\n\t\r".contains(Character(scalar)) {
      return "control character \(scalar.value)"
    }
    var checker = XMLChecker(rest: Substring(text))
    return checker.run()
  }

  private init(rest: Substring) { self.rest = rest }

  private mutating func run() -> String? {
    var roots = 0
    while !rest.isEmpty {
      let text = rest.prefix { $0 != "<" }
      rest = rest[text.endIndex...]
      if let problem = entityProblem(text) { return problem }
      if open.isEmpty && text.contains(where: { !$0.isWhitespace }) { return "text outside" }
      guard !rest.isEmpty else { break }
      if open.isEmpty && !rest.hasPrefix("</") { roots += 1 }
      if let problem = tag() { return problem }
    }
    if let last = open.last { return "<\(last)> is never closed" }
    return roots == 1 ? nil : "\(roots) roots"
  }

  private mutating func tag() -> String? {
    guard let end = rest.firstIndex(of: ">") else { return "tag without end" }
    var body = rest[rest.index(after: rest.startIndex)..<end]
    rest = rest[rest.index(after: end)...]
    if body.hasPrefix("/") {
      let name = String(body.dropFirst())
      return open.popLast() == name ? nil : "</\(name)> closes nothing"
    }
    let isEmpty = body.hasSuffix("/")
    if isEmpty { body = body.dropLast() }
    let name = body.prefix { !$0.isWhitespace }
    if name.isEmpty || !name.allSatisfy({ $0.isLetter }) { return "bad name <\(name)>" }
    if !isEmpty { open.append(String(name)) }
    return attributeProblem(body[name.endIndex...])
  }

  private func attributeProblem(_ text: Substring) -> String? {
    var text = text.drop(while: \.isWhitespace)
    var names: Set<Substring> = []
    while !text.isEmpty {
      guard let equals = text.firstIndex(of: "=") else { return "attribute without value" }
      let name = text[..<equals]
      if !names.insert(name).inserted { return "\(name) twice" }
      text = text[text.index(after: equals)...]
      guard text.first == "\"" else { return "\(name) is not quoted" }
      text = text.dropFirst()
      guard let close = text.firstIndex(of: "\"") else { return "\(name) is not closed" }
      if let problem = entityProblem(text[..<close]) { return problem }
      text = text[text.index(after: close)...]
      if let next = text.first, !next.isWhitespace { return "no space after \(name)" }
      text = text.drop(while: \.isWhitespace)
    }
    return nil
  }

  private func entityProblem(_ text: Substring) -> String? {
    for part in text.split(separator: "&", omittingEmptySubsequences: false).dropFirst() {
      let name = part.prefix { $0 != ";" }
      if part.count == name.count || !["amp", "lt", "gt", "quot"].contains(name) {
        return "bare & before \(part.prefix(8))"
      }
    }
    return nil
  }
}
