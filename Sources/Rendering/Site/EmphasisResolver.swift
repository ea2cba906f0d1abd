/// Pairs the stars and underlines of emphasis. CommonMark 0.31, §6.2 and its appendix on parsing.
enum EmphasisResolver {
  /// A run of one delimiter.
  struct Run: Equatable {
    let character: Character
    let length: Int
    var left: Int
    let canOpen: Bool
    let canClose: Bool

    init(_ character: Character, _ length: Int, before: Character, after: Character) {
      self.character = character
      self.length = length
      left = length
      let isLeft =
        !after.isWhitespace
        && (!Self.isPunctuation(after) || before.isWhitespace || Self.isPunctuation(before))
      let isRight =
        !before.isWhitespace
        && (!Self.isPunctuation(before) || after.isWhitespace || Self.isPunctuation(after))
      if character == "_" {
        canOpen = isLeft && (!isRight || Self.isPunctuation(before))
        canClose = isRight && (!isLeft || Self.isPunctuation(after))
      } else {
        canOpen = isLeft
        canClose = isRight
      }
    }

    private static func isPunctuation(_ character: Character) -> Bool {
      character.isPunctuation || character.isSymbol
    }

    /// Rules 9 and 10: runs that could be both don't pair where their lengths add up to a
    /// multiple of three.
    func pairs(with closer: Run) -> Bool {
      guard character == closer.character, canOpen, left > 0 else { return false }
      let isEither = canClose || closer.canOpen
      let isOdd = (length + closer.length) % 3 == 0
      return !isEither || !isOdd || (length % 3 == 0 && closer.length % 3 == 0)
    }
  }

  enum Piece: Equatable {
    case whole(MarkdownInline)
    case delimiter(Run)
  }

  /// Results from elsewhere must not exhaust the stack.
  private static let deepest = 32

  static func resolve(_ pieces: [Piece]) -> [MarkdownInline] {
    // What is open, each with what followed it.
    var open: [(run: Run, inner: [MarkdownInline])] = []
    var result: [MarkdownInline] = []

    func append(_ piece: MarkdownInline) {
      if open.isEmpty { result.append(piece) } else { open[open.count - 1].inner.append(piece) }
    }
    /// What found no partner is text.
    func giveUp(above count: Int) {
      while open.count > count, let last = open.popLast() {
        if last.run.left > 0 {
          append(.text(String(repeating: last.run.character, count: last.run.left)))
        }
        last.inner.forEach(append)
      }
    }

    for piece in pieces {
      guard case .delimiter(var run) = piece else {
        if case .whole(let whole) = piece { append(whole) }
        continue
      }
      while run.canClose, run.left > 0,
        let index = open.lastIndex(where: { $0.run.pairs(with: run) })
      {
        giveUp(above: index + 1)
        let isStrong = open[index].run.left >= 2 && run.left >= 2
        let used = isStrong ? 2 : 1
        let inner = open[index].inner
        open[index].run.left -= used
        open[index].inner = []
        run.left -= used
        if open[index].run.left == 0 { open.removeLast() }
        append(isStrong ? .strong(inner) : .emphasis(inner))
      }
      guard run.left > 0 else { continue }
      if run.canOpen && open.count < deepest {
        open.append((run, []))
      } else {
        append(.text(String(repeating: run.character, count: run.left)))
      }
    }
    giveUp(above: 0)
    return result
  }
}
