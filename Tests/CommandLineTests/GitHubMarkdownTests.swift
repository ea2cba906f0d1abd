import Foundation
import Testing

/// Filled notes as GitHub's own renderer reads them (Debian's cmark-gfm).
@Suite struct GitHubMarkdownTests {
  static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/cmark-gfm")

  /// Habits of a wiki: front matter, links in double brackets, callouts, lists, a marker in a fence.
  private static let notes = """
    ---
    tags: [perf]
    ---

    # Größe

    See [[False Sharing]], ![[drawing.png]] and %%a comment%%.

    > [!note] It is <!-- perflab memory/aos-to-soa speedup --><!-- /perflab --> here
    >
    > <!-- perflab memory/aos-to-soa table --><!-- /perflab -->

    - <!-- perflab memory/aos-to-soa line --><!-- /perflab -->
    - [ ] to do: <!-- perflab memory/aos-to-soa line --><!-- /perflab -->
    - a list

      <!-- perflab memory/aos-to-soa chart -->
      <!-- /perflab -->

    | a | b |
    | - | - |
    | x | <!-- perflab memory/aos-to-soa speedup point="16 KiB" --><!-- /perflab --> |

    <!-- perflab memory/aos-to-soa diagram --><!-- /perflab -->

    <!-- perflab memory/aos-to-soa code --><!-- /perflab -->

    <!-- perflab memory/aos-to-soa page --><!-- /perflab -->

    <!-- perflab summary --><!-- /perflab -->

    <!-- perflab conditions --><!-- /perflab -->

    ```md
    <!-- perflab memory/aos-to-soa table -->
    ```

    """

  private func html(_ file: URL) throws -> String {
    let extensions = ["table", "strikethrough", "autolink", "tasklist"].flatMap { ["-e", $0] }
    let words = ["cmark-gfm", "--unsafe"] + extensions + [file.path(percentEncoded: false)]
    // perflab's path becomes the shell's own name, and is not run.
    return try Perflab.run(words, under: ["bash", "-c", "\"$@\""]).out
  }

  @Test(.enabled(if: isInstalled, "cmark-gfm is not installed"))
  func everyKindIsReadAsMarkdown() throws {
    let folder = try Perflab.scratch()
    try Box.write(to: folder.appending(path: "Reports/Büro 1"))
    let note = folder.appending(path: "Mein Wiki/Notiz (1).md")
    try FileManager.default.createDirectory(
      at: note.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(Self.notes.utf8).write(to: note)
    let outcome = try Perflab.run(
      ["embed", note.path(percentEncoded: false), "--machine", "Büro 1"], in: folder)
    #expect(outcome.code == 0, "\(outcome.err)")
    let html = try html(note)
    #expect(!html.isEmpty)
    // Nothing of Markdown is left unread outside code.
    let prose = html.replacing(#/<pre[\s\S]*?<\/pre>/#, with: "")
    for mark in ["**", "| --", "```", "](", "<p>| "] { #expect(!prose.contains(mark), "\(mark)") }
    let link = "<img src=\"../Reports/B%C3%BCro%201/memory/aos-to-soa-speedup.svg\""
    #expect(html.contains(link))
    #expect(html.contains("<code class=\"language-mermaid\">"))
    #expect(html.contains("<h2>Structs</h2>"))
    #expect(html.contains("[[False Sharing]]"))
    #expect(html.contains("&lt;!-- perflab memory/aos-to-soa table --&gt;"))
    #expect(html.contains("<strong>soa is faster than aos: 4.00× (3.90–4.10)"))
  }
}
