import Foundation
import Testing

/// The diagrams of the pages, drawn by the real Mermaid: what GitHub and Obsidian show.
///
/// Mermaid is not kept here. `Tools/check-diagrams` fetches it and runs this.
@Suite(
  .enabled(if: Browser.path != nil, "\(Browser.absence)"),
  .enabled(if: Mermaid.library != nil, "PERFLAB_MERMAID names no folder with Mermaid's index.js"))
struct MermaidTests {
  @Test func theRealMermaidDrawsEveryDiagram() throws {
    let reports = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Reports").standardizedFileURL
    let names = try FileManager.default.subpathsOfDirectory(atPath: reports.path())
    var diagrams: [String: String] = [:]
    for name in names where name.hasSuffix(".md") {
      let page = try String(contentsOf: reports.appending(path: name), encoding: .utf8)
      let parts = page.components(separatedBy: "```mermaid\n")
      for (index, part) in parts.dropFirst().enumerated() {
        diagrams["\(name) \(index + 1)"] = part.components(separatedBy: "\n```")[0]
      }
    }
    #expect(!diagrams.isEmpty)
    let page = try Perflab.scratch().appending(path: "page.html")
    try """
    <!DOCTYPE html><meta charset="utf-8"><body><script type="module">
    import {mermaid} from "\(URL(filePath: Mermaid.library ?? "").absoluteString)";
    mermaid.initialize({startOnLoad:false});
    window.mermaid=mermaid;
    </script>
    """.write(to: page, atomically: true, encoding: .utf8)
    let browser = try Browser()
    try browser.open(page.absoluteString)
    #expect(try browser.holds("window.mermaid"), "Mermaid did not load: \(browser.complaints)")
    for (place, diagram) in diagrams.sorted(by: { $0.key < $1.key }) {
      let words = try JSONSerialization.data(withJSONObject: [diagram])
      let drawn = try browser.text(
        """
        mermaid.render("d"+Date.now(),\(String(decoding: words, as: UTF8.self))[0])
        .then(drawn=>drawn.svg,error=>"error: "+error.message)
        """)
      #expect(drawn.hasPrefix("<svg"), "\(place): \(drawn.prefix(300))")
      // What Mermaid can't draw it draws as an error of its own.
      #expect(!drawn.contains("error-icon") || drawn.contains("flowchart"), "\(place)")
    }
  }
}

private enum Mermaid {
  static let library: String? = {
    let folder = ProcessInfo.processInfo.environment["PERFLAB_MERMAID"] ?? ""
    let path = folder + "/index.js"
    return FileManager.default.isReadableFile(atPath: path) ? path : nil
  }()
}
