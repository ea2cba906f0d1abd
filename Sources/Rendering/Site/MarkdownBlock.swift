/// A block of a page in Markdown: what this house's writers produce of CommonMark and GFM, no more.
///
/// The pages are written as Markdown once; other formats read it back instead of describing each
/// page again. Where cmark-gfm is installed, a test compares the result with it.
indirect enum MarkdownBlock: Equatable {
  case heading(level: Int, text: String)
  case paragraph(String)
  case code(language: String, text: String)
  case quote([MarkdownBlock])
  case list(isOrdered: Bool, isTight: Bool, items: [[MarkdownBlock]])
  case table(alignments: [String], head: [String], rows: [[String]])
  /// Lines of the few HTML tags that set code side by side.
  case tags([String])
  case rule

  /// The blocks of a whole page.
  static func read(_ markdown: String) -> [MarkdownBlock] {
    let lines = markdown.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    var reader = BlockReader(lines: lines.map(String.init))
    return reader.blocks()
  }
}

/// Reads lines from the first to the last.
private struct BlockReader {
  private static let deepest = 16

  let lines: [String]
  /// How many quotes and lists this is in: results from elsewhere must not exhaust the stack.
  private let depth: Int
  private var next = 0

  init(lines: [String], depth: Int = 0) {
    self.lines = lines
    self.depth = depth
  }

  mutating func blocks() -> [MarkdownBlock] {
    var result: [MarkdownBlock] = []
    while next < lines.count {
      if MarkdownLine.isBlank(lines[next]) {
        next += 1
      } else {
        result.append(block())
      }
    }
    return result
  }

  private mutating func block() -> MarkdownBlock {
    let line = lines[next]
    if let fence = MarkdownLine.fence(line) { return code(fence) }
    if let heading = MarkdownLine.heading(line) {
      next += 1
      return heading
    }
    if MarkdownLine.isRule(line) {
      next += 1
      return .rule
    }
    if depth < Self.deepest {
      if line.hasPrefix(">") { return quote() }
      if let marker = MarkdownLine.marker(line) { return list(marker) }
    }
    if MarkdownLine.isTag(line) { return tags() }
    if let table = table() { return table }
    return paragraph()
  }

  private mutating func code(_ fence: (length: Int, language: String)) -> MarkdownBlock {
    next += 1
    var text = ""
    while next < lines.count {
      let line = lines[next]
      next += 1
      if let end = MarkdownLine.fence(line), end.length >= fence.length, end.language.isEmpty {
        break
      }
      text += line + "\n"
    }
    return .code(language: fence.language, text: text)
  }

  private mutating func quote() -> MarkdownBlock {
    var inner: [String] = []
    while next < lines.count, lines[next].hasPrefix(">") {
      let rest = lines[next].dropFirst()
      inner.append(String(rest.hasPrefix(" ") ? rest.dropFirst() : rest))
      next += 1
    }
    var reader = BlockReader(lines: inner, depth: depth + 1)
    return .quote(reader.blocks())
  }

  private mutating func list(_ first: MarkdownLine.Marker) -> MarkdownBlock {
    var items: [[MarkdownBlock]] = []
    var isTight = true
    while next < lines.count, let marker = MarkdownLine.marker(lines[next]),
      marker.kind == first.kind
    {
      var inner = [String(lines[next].dropFirst(marker.width))]
      next += 1
      while next < lines.count, belongs(lines[next], to: marker) {
        let line = lines[next]
        inner.append(String(line.dropFirst(min(marker.width, MarkdownLine.indent(line)))))
        next += 1
      }
      while let last = inner.last, MarkdownLine.isBlank(last) {
        inner.removeLast()
        // A blank line before the next item sets the items apart.
        if next < lines.count, MarkdownLine.marker(lines[next])?.kind == first.kind {
          isTight = false
        }
      }
      if inner.contains(where: MarkdownLine.isBlank) { isTight = false }
      var reader = BlockReader(lines: inner, depth: depth + 1)
      items.append(reader.blocks())
    }
    return .list(isOrdered: first.isOrdered, isTight: isTight, items: items)
  }

  /// Indented, blank with something indented or an item after it, or a paragraph going on.
  private func belongs(_ line: String, to marker: MarkdownLine.Marker) -> Bool {
    if MarkdownLine.isBlank(line) {
      guard let after = lines[next...].first(where: { !MarkdownLine.isBlank($0) }) else {
        return false
      }
      return MarkdownLine.indent(after) >= marker.width
        || MarkdownLine.marker(after)?.kind == marker.kind
    }
    if MarkdownLine.indent(line) >= marker.width { return true }
    return !MarkdownLine.isBlank(lines[next - 1]) && !MarkdownLine.startsBlock(line)
  }

  private mutating func tags() -> MarkdownBlock {
    var result: [String] = []
    while next < lines.count, MarkdownLine.isTag(lines[next]) {
      result.append(lines[next])
      next += 1
    }
    return .tags(result)
  }

  private mutating func table() -> MarkdownBlock? {
    guard lines[next].hasPrefix("|"), next + 1 < lines.count,
      let alignments = MarkdownLine.alignments(lines[next + 1])
    else { return nil }
    let head = MarkdownLine.cells(lines[next])
    guard head.count == alignments.count else { return nil }
    next += 2
    var rows: [[String]] = []
    while next < lines.count, lines[next].hasPrefix("|") {
      let cells = MarkdownLine.cells(lines[next]).prefix(head.count)
      rows.append(cells + Array(repeating: "", count: head.count - cells.count))
      next += 1
    }
    return .table(alignments: alignments, head: head, rows: rows)
  }

  private mutating func paragraph() -> MarkdownBlock {
    var text: [String] = []
    repeat {
      text.append(MarkdownLine.trimmed(lines[next]))
      next += 1
    } while next < lines.count && !MarkdownLine.isBlank(lines[next])
      && !MarkdownLine.startsBlock(lines[next])
    return .paragraph(text.joined(separator: "\n"))
  }
}
