/// A page of the site from its Markdown.
struct SitePage {
  /// How wide a diagram may be beside the text, and on a phone.
  private static let widths = (wide: 860.0, narrow: 340.0)

  private let path: String
  private let pages: SitePages
  private let atlas: Atlas

  init(_ path: String, in pages: SitePages, atlas: Atlas) {
    self.path = path
    self.pages = pages
    self.atlas = atlas
  }

  var html: String {
    let blocks = MarkdownBlock.read(pages.text(path) ?? "")
    let writer = writer
    guard path == PagePath.atlas else { return writer.render(blocks) }
    // The map before the figures and the list.
    let first = blocks.firstIndex { if case .table = $0 { true } else { false } }
    let place = first ?? blocks.endIndex
    return writer.render(Array(blocks[..<place])) + AtlasMap.render(atlas, link: link)
      + writer.render(Array(blocks[place...]))
  }

  private var writer: MarkdownHTML {
    var headings: [String: Int] = [:]
    return MarkdownHTML(
      link: link, picture: picture, drawing: diagram,
      heading: { level, text in
        if level == 1 { return " tabindex=\"-1\"" }
        let slug = Self.slug(text)
        let count = headings[slug, default: 0] + 1
        headings[slug] = count
        return " id=\"\(SitePages.id(path))/\(slug)\(count == 1 ? "" : "-\(count)")\""
      },
      table: { head, html in
        let scroller =
          "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Table\">\n"
          + "\(html)</div>\n"
        return path == PagePath.index && head.first == "experiment"
          ? "\(SiteStyle.filter)<div class=\"experiments\">\n\(scroller)</div>\n" : scroller
      }, codeTable: "<table class=\"code\">")
  }

  /// Pages lead to their sections; what is elsewhere must be on the web.
  private func link(_ target: String) -> String? {
    let resolved = Self.resolve(target, from: path)
    if pages.text(resolved) != nil { return "#" + SitePages.id(resolved) }
    return target.hasPrefix("https://") || target.hasPrefix("http://") ? target : nil
  }

  private func picture(_ description: String, _ target: String) -> String {
    guard let drawing = pages.drawing(Self.resolve(target, from: path)) else {
      return "<p>\(XML.text(description))</p>\n"
    }
    return "<figure class=\"chart\">\n\(SVG.inline(drawing))</figure>\n"
  }

  /// Twice where a phone needs another layout; what can't be drawn is shown as it was written.
  private func diagram(_ language: String, _ code: String) -> String? {
    guard language == "mermaid", let chart = FlowchartReader.read(code) else { return nil }
    let title = "Diagram: \(pages.title(path))"
    let wide = FlowchartDrawing.draw(chart, widest: Self.widths.wide, title: title)
    let narrow = FlowchartDrawing.draw(chart, widest: Self.widths.narrow, title: title)
    if wide.width < narrow.width * 1.2 {
      return "<figure class=\"diagram\">\n\(SVG.inline(wide))</figure>\n"
    }
    return "<figure class=\"diagram wide\">\n\(SVG.inline(wide))</figure>\n"
      + "<figure class=\"diagram narrow\">\n\(SVG.inline(narrow))</figure>\n"
  }

  /// `../README.md` from `memory/x.md` is `README.md`.
  static func resolve(_ target: String, from path: String) -> String {
    var parts = path.split(separator: "/").dropLast().map(String.init)
    for part in target.split(separator: "/", omittingEmptySubsequences: false) {
      switch part {
      case "..": _ = parts.popLast()
      case ".": break
      default: parts.append(String(part))
      }
    }
    return parts.joined(separator: "/")
  }

  /// `When it does not help` is `when-it-does-not-help`.
  static func slug(_ text: String) -> String {
    let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }
    return words.isEmpty ? "section" : words.joined(separator: "-")
  }
}
