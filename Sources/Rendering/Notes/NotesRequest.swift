/// What a marked place in someone's notes asks for: `memory/false-sharing table point="4 MiB"`.
public struct NotesRequest: Equatable, Sendable {
  /// What can stand in a marked place.
  public enum Kind: String, Sendable, CaseIterable {
    /// The answer in a sentence or two.
    case line
    /// The headline's figure, within a line.
    case speedup
    /// The figures of all points.
    case table
    /// The chart of the speedup.
    case chart
    /// The variants' code.
    case code
    /// The Mermaid drawing with this machine's values.
    case diagram
    /// The experiment's page, its headings one level down.
    case page
    /// The machine's numbers.
    case numbers
    /// The machine in a sentence, and all its experiments.
    case summary
    /// In which state the machine was.
    case conditions

    /// Whether it refers to a machine, not to an experiment.
    public var isOfMachine: Bool { [.numbers, .summary, .conditions].contains(self) }

    /// Whether one point can be picked from it.
    var takesPoint: Bool { [.line, .speedup, .table, .diagram].contains(self) }
  }

  /// What is asked for.
  public var kind: Kind
  /// Of which experiment; nil for the kinds of a machine.
  public var experiment: String?
  /// The name of the machine's folder; nil for the command's own.
  public var machine: String?
  /// The label of a point of the sweep; nil for the whole sweep.
  public var point: String?

  /// Reads what stands between `<!-- perflab` and `-->`.
  /// - Throws: `NotesProblem` with this line where it is not a request.
  public init(_ text: String, line: Int) throws(NotesProblem) {
    var names: [String] = []
    for word in try Self.words(text, line: line) {
      guard let equals = word.firstIndex(of: "="), !names.isEmpty else {
        names.append(word)
        continue
      }
      let value = String(word[word.index(after: equals)...])
      switch word[..<equals] {
      case "machine": machine = value
      case "point": point = value
      default:
        throw NotesProblem(
          line: line, reason: "there is no option '\(word[..<equals])'; use machine or point")
      }
    }
    guard let last = names.last, let kind = Kind(rawValue: last) else {
      let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw NotesProblem(
        line: line, reason: "'\(names.last ?? "")' can't be embedded; use one of \(kinds)")
    }
    guard names.count == (kind.isOfMachine ? 1 : 2) else {
      let form = kind.isOfMachine ? "perflab \(kind)" : "perflab area/name \(kind)"
      throw NotesProblem(line: line, reason: "the marker must be '\(form)'")
    }
    if point != nil && !kind.takesPoint {
      throw NotesProblem(line: line, reason: "'\(kind)' takes no point")
    }
    self.kind = kind
    experiment = kind.isOfMachine ? nil : names[0]
  }

  /// Split at blanks outside quotation marks, which are dropped.
  private static func words(_ text: String, line: Int) throws(NotesProblem) -> [String] {
    var words: [String] = []
    var word: String?
    var isQuoted = false
    for character in text {
      if character == "\"" {
        isQuoted.toggle()
        word = word ?? ""
      } else if !isQuoted && (character == " " || character == "\t") {
        if let ended = word { words.append(ended) }
        word = nil
      } else {
        word = (word ?? "") + String(character)
      }
    }
    if isQuoted { throw NotesProblem(line: line, reason: "a quotation mark is not closed") }
    return words + [word].compactMap { $0 }
  }
}

/// Why notes were left as they are.
public struct NotesProblem: Error, Equatable, Sendable {
  /// From 1.
  public var line: Int
  /// What is wrong there.
  public var reason: String

  /// A problem in a line.
  public init(line: Int, reason: String) {
    self.line = line
    self.reason = reason
  }
}
