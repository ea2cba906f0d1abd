import Results

/// The page of many machines as one HTML file that needs no network: the Markdown page's tables, and
/// the matrix with a colour for each cell's distance from 1.
public enum GallerySite {
  /// The same machines give the same bytes.
  public static func render(_ gallery: Gallery) -> String {
    let blocks = MarkdownBlock.read(GalleryPage.findings(gallery))
    let text = MarkdownHTML(
      table: { _, html in "<div class=\"scroll\">\(html)</div>\n" }
    ).render(blocks)
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
      style-src 'unsafe-inline'">
      <title>perflab on \(GalleryPage.count(gallery))</title>
      <style>\(style)</style>
      </head>
      <body><main>
      \(text)<h2>All experiments</h2>
      <p>Speedup of each headline: green is faster, red is slower, and the stronger the further from
      1. A dotted frame: unresolved. A †: of another headline. A title has machine, headline,
      interval and prediction.</p>
      <div class="scroll"><table class="matrix">
      \(head(gallery))\(gallery.ids.map { row($0, gallery) }.joined())</table></div>
      </main></body>
      </html>

      """
  }

  private static let style = """

    body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1rem; max-width: 75rem;
      color: #1b1f24; background: #fff; }
    table { border-collapse: collapse; } th, td { padding: .15rem .5rem; text-align: left; }
    .scroll th, .scroll code, [align=right] { white-space: nowrap; }
    .scroll [align=right] { text-align: right; } .scroll td[align=right] + td { min-width: 9rem; }
    tr + tr td { border-top: 1px solid #d8dee4; } .scroll { overflow-x: auto; }
    .matrix td { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; color: #1b1f24; }
    .matrix th { font-weight: normal; } .matrix th + th { text-align: right; }
    .matrix th:first-child { position: sticky; left: 0; background: #fff; }
    .matrix .open { outline: 1px dotted #57606a; outline-offset: -2px; }
    @media (prefers-color-scheme: dark) {
      body, .matrix th:first-child { color: #e6edf3; background: #0d1117; } .matrix td:empty { color: inherit; }
      tr + tr td { border-color: #30363d; }
    }

    """

  private static func head(_ gallery: Gallery) -> String {
    let cells = gallery.members.enumerated().map { index, member in
      "<th title=\"\(XML.attribute(member.name))\">\(index + 1)</th>"
    }
    return "<tr><th>experiment</th>\(cells.joined())</tr>\n"
  }

  private static func row(_ id: String, _ gallery: Gallery) -> String {
    let cells = gallery.members.enumerated().map { index, member -> String in
      guard let outcome = member.outcomes[id], let speedup = outcome.speedup else {
        return "<td></td>"
      }
      let predicted = outcome.predicted.map { ", predicted \(Figures.ratio($0))" } ?? ""
      let title =
        "\(member.name): \(outcome.verdict?.rawValue ?? "") \(Figures.ratio(speedup)), "
        + GalleryPage.headline(outcome)
      let mark = gallery.isDivided(id, on: index) ? " †" : ""
      let isOpen = outcome.verdict == .unresolved ? " class=\"open\"" : ""
      return "<td\(isOpen) style=\"background:\(colour(speedup.estimate))\" "
        + "title=\"\(XML.attribute(title + predicted))\">"
        + "\(XML.text(Figures.ratio(speedup.estimate) + mark))</td>"
    }
    return "<tr><th>\(XML.text(id))</th>\(cells.joined())</tr>\n"
  }

  /// Steps of a factor: 1.02, 1.1, 1.3, 2 and 5 from 1, light enough for dark text.
  static func colour(_ speedup: Double) -> String {
    let (green, red) = (
      ["#eef1f4", "#dcf5e3", "#b4e8c3", "#86d89e", "#57c67a", "#34ad5c"],
      ["#eef1f4", "#fde3e0", "#fac4be", "#f5a097", "#ee7b70", "#e2584c"]
    )
    let distance = speedup >= 1 ? speedup : 1 / max(speedup, 1e-9)
    let step = [1.02, 1.1, 1.3, 2, 5].count { distance >= $0 }
    return speedup >= 1 ? green[step] : red[step]
  }
}
