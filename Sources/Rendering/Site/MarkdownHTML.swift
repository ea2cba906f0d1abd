/// Markdown as HTML. Where nothing is asked for it is what cmark-gfm writes.
struct MarkdownHTML {
  /// What a link in the page leads to; nil leaves its text alone.
  var link: (String) -> String? = { $0 }
  /// A picture that stands alone, with its description.
  var picture: (_ description: String, _ path: String) -> String = { description, path in
    "<p><img src=\"\(XML.attribute(path))\" alt=\"\(XML.attribute(description))\" /></p>\n"
  }
  /// Code in a language that is drawn rather than shown; nil shows it.
  var drawing: (_ language: String, _ code: String) -> String? = { _, _ in nil }
  /// Attributes of a heading, with a space before them.
  var heading: (_ level: Int, _ text: String) -> String = { _, _ in "" }
  /// What stands around a table with these headings.
  var table: (_ head: [String], _ html: String) -> String = { $1 }
  /// Begins the table that sets code side by side.
  var codeTable = "<table>"

  func render(_ blocks: [MarkdownBlock]) -> String { blocks.map { render($0) }.joined() }

  private func render(_ block: MarkdownBlock, isTight: Bool = false) -> String {
    switch block {
    case .heading(let level, let text):
      let pieces = MarkdownInline.read(text)
      let attributes = heading(level, MarkdownInline.plain(pieces))
      return "<h\(level)\(attributes)>\(inline(pieces))</h\(level)>\n"
    case .paragraph(let text):
      let pieces = MarkdownInline.read(text)
      if pieces.count == 1, case .image(let description, let path) = pieces[0] {
        return picture(description, path)
      }
      return isTight ? inline(pieces) : "<p>\(inline(pieces))</p>\n"
    case .code(let language, let text):
      if let drawn = drawing(language, text) { return drawn }
      let mark = language.isEmpty ? "" : " class=\"language-\(XML.attribute(language))\""
      return "<pre><code\(mark)>\(Self.code(text))</code></pre>\n"
    case .quote(let blocks): return "<blockquote>\n\(render(blocks))</blockquote>\n"
    case .list(let isOrdered, let isTight, let items):
      let tag = isOrdered ? "ol" : "ul"
      let rows = items.map { "<li>\(item($0, isTight: isTight))</li>\n" }.joined()
      return "<\(tag)>\n\(rows)</\(tag)>\n"
    case .table(let alignments, let head, let rows):
      return table(head, render(head, rows, alignments))
    case .tags(let lines):
      return lines.map { ($0 == "<table>" ? codeTable : $0) + "\n" }.joined()
    case .rule: return "<hr />\n"
    }
  }

  private func item(_ blocks: [MarkdownBlock], isTight: Bool) -> String {
    var result = ""
    for (index, block) in blocks.enumerated() {
      if case .paragraph = block, isTight {
        result += render(block, isTight: true)
      } else {
        if index == 0 || !result.hasSuffix("\n") { result += "\n" }
        result += render(block)
      }
    }
    return result
  }

  private func render(_ head: [String], _ rows: [[String]], _ alignments: [String]) -> String {
    func row(_ cells: [String], _ tag: String) -> String {
      let parts = zip(cells, alignments).map { cell, alignment in
        let align = alignment.isEmpty ? "" : " align=\"\(alignment)\""
        return "<\(tag)\(align)>\(inline(MarkdownInline.read(cell)))</\(tag)>\n"
      }
      return "<tr>\n\(parts.joined())</tr>\n"
    }
    let body = rows.map { row($0, "td") }.joined()
    return "<table>\n<thead>\n\(row(head, "th"))</thead>\n"
      + (body.isEmpty ? "" : "<tbody>\n\(body)</tbody>\n") + "</table>\n"
  }

  private func inline(_ pieces: [MarkdownInline]) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): Self.text(text)
      case .entity(let entity): entity
      case .code(let code): "<code>\(XML.attribute(code))</code>"
      case .emphasis(let inner): "<em>\(inline(inner))</em>"
      case .strong(let inner): "<strong>\(inline(inner))</strong>"
      case .link(let inner, let target):
        if let reference = link(target) {
          "<a href=\"\(XML.attribute(reference))\">\(inline(inner))</a>"
        } else {
          inline(inner)
        }
      case .image(let description, _): Self.text(description)
      case .lineBreak: "<br>"
      }
    }.joined()
  }

  /// Line breaks stay, unlike within an attribute.
  private static func text(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { XML.attribute(String($0)) }.joined(separator: "\n")
  }

  private static func code(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false)
        .map { XML.attribute(String($0)) }.joined(separator: "\t")
    }.joined(separator: "\n")
  }
}
