import Results

/// All pages of a machine in one HTML file that needs no network: the Markdown pages read back and
/// set as HTML, their charts within it, and their diagrams drawn.
public enum Site {
  /// Below the machine's folder.
  public static let path = "index.html"

  /// The file. The same pages give the same bytes.
  /// - Parameters:
  ///   - files: pages and charts as they lie in the machine's folder.
  ///   - atlas: which the page `PagePath.atlas` is made of.
  ///   - name: of the machine.
  public static func render(_ files: [PageSet.File], atlas: Atlas, name: String) -> String {
    let pages = SitePages(files + [PageSet.File(path: PagePath.atlas, contents: atlas.markdown)])
    let sections = pages.paths.map { path in
      """
      <section class="page" id="\(SitePages.id(path))">
      \(SitePage(path, in: pages, atlas: atlas).html)\(pager(path, pages))</section>

      """
    }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
      style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
      <link rel="icon" href="data:,">
      <title>perflab on \(XML.text(name))</title>
      <style>
      \(SiteStyle.sheet)</style>
      <script>\(SiteScript.first)</script>
      </head>
      <body>
      <a class="skip" href="#content">To the content</a>
      <header>
      <strong>perflab</strong>
      <nav aria-label="Pages">
      \(navigation(pages))</nav>
      <button type="button" id="theme" class="scripted">Dark</button>
      </header>
      <main id="content" tabindex="-1">
      \(sections.joined())</main>
      <script>
      \(SiteScript.main)</script>
      </body>
      </html>

      """
  }

  /// The pages of the machine itself, and its conditions, which are a part of one.
  private static func navigation(_ pages: SitePages) -> String {
    var entries = pages.paths.filter { !$0.contains("/") }.map { path in
      let id = SitePages.id(path)
      return (id, id.prefix(1).uppercased() + id.dropFirst())
    }
    if pages.text(PagePath.index)?.contains("\n## Conditions\n") == true {
      entries.append(("\(SitePages.id(PagePath.index))/conditions", "Conditions"))
    }
    return entries.map { "<a href=\"#\($0)\">\(XML.text($1))</a>\n" }.joined()
  }

  /// From an experiment to those beside it.
  private static func pager(_ path: String, _ pages: SitePages) -> String {
    let experiments = pages.paths.filter { $0.contains("/") }
    guard let place = experiments.firstIndex(of: path) else { return "" }
    func link(_ index: Int, _ relation: String) -> String {
      guard experiments.indices.contains(index) else { return "<span></span>" }
      let text = XML.text(pages.title(experiments[index]))
      return "<a rel=\"\(relation)\" href=\"#\(SitePages.id(experiments[index]))\">\(text)</a>"
    }
    return """
      <nav class="pager" aria-label="Neighbours">\(link(place - 1, "prev"))\
      \(link(place + 1, "next"))</nav>

      """
  }
}

/// The files by their paths.
struct SitePages {
  private let bodies: [String: PageSet.File.Body]
  /// Of the pages, in order.
  let paths: [String]

  init(_ files: [PageSet.File]) {
    bodies = Dictionary(files.map { ($0.path, $0.body) }) { first, _ in first }
    var known: Set<String> = []
    paths = files.map(\.path).filter { $0.hasSuffix(".md") && known.insert($0).inserted }
  }

  func text(_ path: String) -> String? {
    if case .text(let text) = bodies[path] { return text }
    return nil
  }

  func drawing(_ path: String) -> Drawing? {
    if case .drawing(let drawing) = bodies[path] { return drawing }
    return nil
  }

  /// From the first heading.
  func title(_ path: String) -> String {
    let line = text(path)?.split(separator: "\n").first { $0.hasPrefix("# ") } ?? ""
    return MarkdownInline.plain(MarkdownInline.read(String(line.dropFirst(2))))
  }

  /// `memory/false-sharing`; the index is the overview.
  static func id(_ path: String) -> String {
    path == PagePath.index ? "overview" : String(path.dropLast(3))
  }
}
