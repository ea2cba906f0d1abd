/// The words of a command that is started without a shell.
enum CommandWords {
  /// What is started: a shell with the text, or the program that the text names with its arguments.
  /// - Parameter shell: nil for none.
  static func words(_ text: String, shell: String?) throws(LabError) -> [String] {
    if let shell { return [shell, "-c", text] }
    let words = try split(text)
    guard let program = words.first, !program.isEmpty else {
      throw .invalid("'\(text)' names no program")
    }
    return words
  }

  /// Cuts at blanks that are not quoted. Single quotes keep all that is in them, double quotes all
  /// but a backslash before `"`, `\`, `$` or a backtick; else a backslash keeps the next character.
  /// Nothing is replaced: no variables, no patterns.
  static func split(_ text: String) throws(LabError) -> [String] {
    var words: [String] = []
    var word: String?
    var quote: Character?
    var rest = text[...]
    while let character = rest.popFirst() {
      switch (character, quote) {
      case ("'", "'"), ("\"", "\""): quote = nil
      case ("'", nil), ("\"", nil):
        quote = character
        word = word ?? ""
      case ("\\", nil):
        guard let next = rest.popFirst() else {
          throw .invalid("'\(text)' ends with a backslash")
        }
        word = (word ?? "") + String(next)
      case ("\\", "\""):
        let isEscape = rest.first.map { "\"\\$`".contains($0) } ?? false
        word = (word ?? "") + String(isEscape ? rest.removeFirst() : character)
      case (_, nil) where character.isWhitespace:
        if let done = word { words.append(done) }
        word = nil
      default: word = (word ?? "") + String(character)
      }
    }
    if let quote { throw .invalid("'\(text)' has a quote \(quote) that is not closed") }
    return words + (word.map { [$0] } ?? [])
  }
}
