import Foundation
import Testing

@testable import Rendering

/// Markdown read back: the pages' own subset, as others read it.
@Suite struct MarkdownHTMLTests {
  private func html(_ markdown: String) -> String {
    MarkdownHTML().render(MarkdownBlock.read(markdown))
  }

  @Test(
    "Pieces of a line become what CommonMark says",
    arguments: [
      ("a *b* **c** `d*e*`", "a <em>b</em> <strong>c</strong> <code>d*e*</code>"),
      ("2 * 3 * 4, a_b_c", "2 * 3 * 4, a_b_c"),
      (#"\*a\* \[b\](c) \\"#, #"*a* [b](c) \"#),
      ("a &lt;b&gt; & c < d", "a &lt;b&gt; &amp; c &lt; d"),
      ("[x *y*](memory/z.md)", #"<a href="memory/z.md">x <em>y</em></a>"#),
      ("[x] (y) ![z]", "[x] (y) ![z]"),
      ("`` a`b `` `c", "<code>a`b</code> `c"),
      ("***a*** **b", "<em><strong>a</strong></em> **b"),
      ("first<br>second<hr>", "first<br>second&lt;hr&gt;"),
    ])
  func inline(markdown: String, expected: String) {
    #expect(html(markdown) == "<p>\(expected)</p>\n")
  }

  @Test("A bar within a cell's code does not end the cell")
  func bars() {
    let table = html("| a | b |\n| :-- | --: |\n| `x \\| y` | \\| |\n")
    #expect(table.contains("<td align=\"left\"><code>x | y</code></td>"))
    #expect(table.contains("<td align=\"right\">|</td>"))
  }

  @Test("Lists hold lists and paragraphs that go on")
  func lists() {
    #expect(
      html("- a\n  - b\n  - c\n- d\n  e\n")
        == "<ul>\n<li>a\n<ul>\n<li>b</li>\n<li>c</li>\n</ul>\n</li>\n<li>d\ne</li>\n</ul>\n")
    #expect(html("1. a\n2. b") == "<ol>\n<li>a</li>\n<li>b</li>\n</ol>\n")
  }

  @Test("HTML that is not the pages' own is text")
  func foreignTags() {
    let page = "<script>alert(1)</script>\n\n<th><b>x</b></th>\n\n<table onclick=\"x\">\n"
    #expect(!html(page).contains("<script") && !html(page).contains("<b>"))
    #expect(!html(page).contains("<table"))
    #expect(html("<td>\n\n```swift\na < b\n```\n\n</td>\n").contains("<td>\n<pre><code"))
  }

  @Test("However deep the nesting, reading ends")
  func depth() {
    let quotes = String(repeating: "> ", count: 5_000) + "a"
    let stars = String(repeating: "*a ", count: 5_000) + String(repeating: "b* ", count: 5_000)
    #expect(!html(quotes).isEmpty && !html(stars).isEmpty)
    #expect(!html(String(repeating: "[", count: 2_000)).isEmpty)
  }

  @Test(
    "Every page reads as cmark-gfm reads it",
    .enabled(if: Self.cmark != nil, "cmark-gfm is not installed"))
  func oracle() throws {
    let reports = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Reports").standardizedFileURL
    let names = try FileManager.default.subpathsOfDirectory(atPath: reports.path())
    var pages = names.filter { $0.hasSuffix(".md") }.sorted().map {
      (name: $0, text: try? String(contentsOf: reports.appending(path: $0), encoding: .utf8))
    }
    pages += Fixtures.files().filter { $0.path.hasSuffix(".md") }.map { ($0.path, $0.contents) }
    for page in pages {
      let text = try #require(page.text)
      let expected = try Self.reference(text).split(
        separator: "\n", omittingEmptySubsequences: false)
      let found = html(text).split(separator: "\n", omittingEmptySubsequences: false)
      let place = zip(found, expected).first { $0 != $1 }
      #expect(
        found == expected, "\(page.name): \(place.map { "\($0) instead of \($1)" } ?? "length")")
    }
  }

  private static let cmark = ["/usr/bin/cmark-gfm", "/usr/local/bin/cmark-gfm"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  private static func reference(_ markdown: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: cmark ?? "")
    process.arguments = ["--unsafe", "-e", "table"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    let writer = Thread {
      input.fileHandleForWriting.write(Data(markdown.utf8))
      try? input.fileHandleForWriting.close()
    }
    writer.start()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
