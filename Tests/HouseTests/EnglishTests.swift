import Testing

/// The glossary of CONTRIBUTING.md: words that have a standard term in the field.
@Suite struct EnglishTests {
  /// Those of its words that mean nothing else here, by the term that takes their place.
  static let terms: [String: [String]] = [
    "predict": ["foretell", "foretells", "foretold", "foresee", "foresees", "foreseen", "foresaw"],
    "compare with, check against": ["hold against", "holds against", "held against"],
    "fix": ["mend", "mends", "mended", "mending"],
    "cost": ["what things cost"],
    "assign, distribute": [
      "deal out", "deals out", "deals it out", "deals them out", "dealt out",
    ],
    "know, see": ["is told that", "are told that", "told differently"],
    "by default, unless set": ["unless told"],
    "not available": ["for want of"],
    "none, zero": ["naught", "nought"],
    "exceed": ["goes over its memory", "go over its memory"],
    "load imbalance": ["fuller hand"],
    "misprediction": ["wrong guess", "wrong guesses"],
    "cache-line transfer": ["the line's journey"],
    "bucket": ["pile of", "piles of"],
  ]

  /// The same as words, by their first.
  static let phrases = Dictionary(
    grouping: terms.flatMap { term, phrases in
      phrases.map { (words: $0.split(separator: " "), term: term) }
    }, by: { $0.words[0] })

  @Test(arguments: ["Sources", "Benchmarks", "Tools", "Documentation", "Examples"])
  func codeUsesTheTermsOfTheField(folder: String) throws {
    let files = House.textFiles(below: folder)
    #expect(!files.isEmpty)
    for file in files { try check(House.text(file), of: file) }
  }

  @Test func documentsUseTheTermsOfTheField() throws {
    for file in try House.documents() {
      var lines = try House.lines(file)
      // The glossary itself names them.
      if file == "CONTRIBUTING.md", let glossary = lines.firstIndex(of: "## Glossary") {
        lines.removeSubrange(glossary...)
      }
      check(lines.joined(separator: "\n"), of: file)
    }
  }

  /// Over the ends of lines, and whatever marks a comment.
  private func check(_ text: String, of file: String) {
    let words = text.lowercased().split { !$0.isLetter && $0 != "'" }
    for (index, word) in words.enumerated() {
      for phrase in Self.phrases[word] ?? [] where words[index...].starts(with: phrase.words) {
        let around = words[max(0, index - 4)..<min(words.count, index + 6)]
        Issue.record("\(file): … \(around.joined(separator: " ")) …: \(phrase.term)")
      }
    }
  }
}
