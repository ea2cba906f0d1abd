import Rendering
import Results
import Testing

@Suite struct NotesTests {
  /// Fills from the fixtures; links say what they were asked for.
  private func filled(_ text: String) throws(NotesProblem) -> String {
    let results = Fixtures.results()
    let bytes = try Notes.fill(Array(text.utf8)) { request, line throws(NotesProblem) in
      guard let id = request.experiment else {
        return NotesBlock.render(request.kind, of: results) { "box/" + $0 }
      }
      guard let experiment = results.experiments.first(where: { $0.id == id }) else {
        throw NotesProblem(line: line, reason: "no \(id)")
      }
      return try NotesBlock.render(
        request, line: line, experiment: experiment, of: results, with: Fixtures.inputs
      ) { "box/" + $0 }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func problem(_ text: String) -> NotesProblem? {
    do {
      _ = try filled(text)
      return nil
    } catch { return error }
  }

  static let kinds = [
    "memory/aos-to-soa line", "memory/aos-to-soa speedup", "memory/aos-to-soa table",
    "memory/aos-to-soa chart", "memory/aos-to-soa code", "memory/aos-to-soa diagram",
    "memory/aos-to-soa page", "memory/allocator-choice page", "memory/numa-placement table",
    "cpu/direct-call speedup", "summary", "conditions",
  ]

  @Test("A second filling changes nothing", arguments: kinds, ["\n", "\r\n"])
  func idempotent(kind: String, newline: String) throws {
    let text = ["# Ä", "<!-- perflab \(kind) --><!-- /perflab -->", "end"].joined(
      separator: newline)
    let once = try filled(text)
    #expect(once != text)
    #expect(try filled(once) == once)
  }

  @Test("Line ends are the file's own, and a missing last one stays missing", arguments: kinds)
  func lineEnds(kind: String) throws {
    let text = "a\r\n<!-- perflab \(kind) -->\r\nold\r\n<!-- /perflab -->"
    let result = Array(try filled(text).utf8)
    for (index, byte) in result.enumerated() where byte == UInt8(ascii: "\n") {
      #expect(result[index - 1] == UInt8(ascii: "\r"))
    }
    #expect(String(decoding: result, as: UTF8.self).hasSuffix("<!-- /perflab -->"))
  }

  @Test("Bytes that are no text are kept")
  func foreignBytes() throws {
    let head: [UInt8] = [0xFF, 0xFE, 0x00, 0x0D, 0x0A, 0xC3]
    let place = Array("\n<!-- perflab a/b line -->old<!-- /perflab -->".utf8)
    let result = try Notes.fill(head + place + head) { _, _ in "new" }
    #expect(
      result == head
        + Array(
          "\n<!-- perflab a/b line -->\r\n\r\nnew\r\n\r\n<!-- /perflab -->".utf8) + head)
  }

  @Test("A figure and a sentence stand within their line")
  func inline() throws {
    let text = "It is <!-- perflab memory/aos-to-soa speedup point=\"4 MiB\" --><!-- /perflab -->!"
    #expect(
      try filled(text)
        == "It is <!-- perflab memory/aos-to-soa speedup point=\"4 MiB\" -->"
        + "5.42× (5.40–5.44)<!-- /perflab -->!")
    let line = try filled("So <!-- perflab memory/aos-to-soa line --><!-- /perflab --> it is")
    #expect(!line.contains("\n"))
  }

  @Test("What is unclear says so beside its figure")
  func unclear() throws {
    let text = try filled("x <!-- perflab cpu/direct-call speedup --><!-- /perflab -->")
    #expect(text.contains("-->unresolved ") || text.contains("-->same "))
  }

  @Test("A quotation goes on over the lines of a block")
  func quotation() throws {
    let text = try filled("> <!-- perflab memory/aos-to-soa table --><!-- /perflab -->\n")
    #expect(text.split(separator: "\n").allSatisfy { $0.hasPrefix(">") })
    #expect(try filled(text) == text)
  }

  @Test(
    "At the beginning of a list item a block goes on under the item",
    arguments: [
      ("- ", "  "), ("12. ", "    "), ("  * ", "    "), ("> - ", ">   "), ("-\t", " \t"),
      ("1) ", "   "),
    ])
  func listItem(item: String, indentation: String) throws {
    for kind in ["table", "line", "chart"] {
      let text = item + "<!-- perflab memory/aos-to-soa \(kind) --><!-- /perflab -->\nnext\n"
      let lines = try filled(text).split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines[0] == item + "<!-- perflab memory/aos-to-soa \(kind) -->")
      #expect(lines[2].hasPrefix(indentation) && !lines[2].hasPrefix(item))
      #expect(lines.contains(indentation + "<!-- /perflab -->"))
      #expect(try filled(filled(text)) == filled(text))
    }
  }

  @Test("A byte order mark does not keep a block from standing first")
  func byteOrderMark() throws {
    let text = "\u{FEFF}<!-- perflab memory/aos-to-soa table --><!-- /perflab -->\n"
    #expect(try filled(text).hasPrefix("\u{FEFF}<!-- perflab memory/aos-to-soa table -->\n\n"))
  }

  @Test(
    "What is indented under a list item is filled, though it may look like code",
    arguments: ["1. one\n\n    ", "- a\n  - b\n\n      ", "- a\n\n\t"])
  func indentedInList(start: String) throws {
    let text = start + "<!-- perflab memory/aos-to-soa table --><!-- /perflab -->\n"
    #expect(try filled(text).contains("| --: |"))
    #expect(try filled(filled(text)) == filled(text))
  }

  @Test(
    "Talk about markers is no marker",
    arguments: [
      "```\n<!-- perflab nowhere/x table -->\n```\n", "~~~~ md\n<!-- perflab x -->\n~~~\n~~~~\n",
      "Write `<!-- perflab nowhere/x line -->` there\n", "- ```\n  <!-- /perflab -->\n  ```\n",
      "``a ` <!-- /perflab -->``\n", "\\<!- perflab -->\n", "<!-- other\n<!-- perflab x\n-->\n",
      "> ```\n> <!-- perflab x y -->\n> ```\n", "a\n\n    <!-- perflab x y -->\n\n    more\n",
      "\t<!-- perflab x y -->\n", "- a\n\nb\n\n    ```\n    <!-- perflab x y -->\n",
      "1. ```\n   <!-- perflab x -->\n   ```\n", "<!-- perflabs are many -->\n",
    ])
  func quoted(text: String) throws { #expect(try filled(text) == text) }

  @Test(
    "A wrong marker changes nothing and says its line",
    arguments: [
      ("a\n<!-- perflab memory/aos-to-soa table -->\n", 2, "not closed"),
      ("a\n\n<!-- /perflab -->\n", 3, "no opening marker"),
      ("<!-- perflab summary -->\n<!-- perflab summary -->\n<!-- /perflab -->", 1, "line 2"),
      ("<!-- perflab memory/aos-to-soa tabel --><!-- /perflab -->", 1, "use one of line"),
      ("<!-- perflab --><!-- /perflab -->", 1, "can't be embedded"),
      ("<!-- perflab table --><!-- /perflab -->", 1, "area/name table"),
      ("<!-- perflab a/b summary --><!-- /perflab -->", 1, "'perflab summary'"),
      ("\n<!-- perflab nowhere/x table --><!-- /perflab -->", 2, "no nowhere/x"),
      ("x <!-- perflab memory/aos-to-soa table --><!-- /perflab -->", 1, "first in its line"),
      ("<!-- perflab memory/aos-to-soa table\n--><!-- /perflab -->", 1, "'-->'"),
      ("<!-- perflab a/b line size=4 --><!-- /perflab -->", 1, "no option 'size'"),
      ("<!-- perflab a/b code point=4 --><!-- /perflab -->", 1, "takes no point"),
      ("<!-- perflab a/b line point=\"4 --><!-- /perflab -->", 1, "quotation mark"),
      (
        "<!-- perflab memory/aos-to-soa line point=\"5 MiB\" --><!-- /perflab -->", 1,
        "no point '5 MiB'; it has '16 KiB'"
      ),
    ])
  func wrong(text: String, line: Int, reason: String) {
    let problem = problem(text)
    #expect(problem?.line == line)
    #expect(problem?.reason.contains(reason) == true, "\(problem?.reason ?? "none")")
  }

  @Test("An embedded page shows what the report's page shows")
  func wholePage() throws {
    let text = try filled("<!-- perflab memory/aos-to-soa page --><!-- /perflab -->\n")
    let page = ExperimentPage.render(
      Fixtures.results().experiments.first { $0.id == "memory/aos-to-soa" }!,
      of: Fixtures.results(), with: Fixtures.inputs)
    let headings = { (text: String) in
      text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { $0.drop { "# ".contains($0) } }
    }
    #expect(headings(text) == headings(page))
    #expect(text.contains("simulated, not measured"))
    #expect(text.contains("(box/memory/aos-to-soa-trend.svg)"))
  }

  @Test("Links and headings of an embedded page fit their new place")
  func page() throws {
    let text = try filled("<!-- perflab memory/aos-to-soa page --><!-- /perflab -->\n")
    #expect(text.contains("\n## Array of structs to struct of arrays\n"))
    #expect(text.contains("\n### Why\n"))
    #expect(text.contains("(box/memory/aos-to-soa-speedup.svg)"))
    #expect(text.contains("(box/README.md)"))
    #expect(!text.contains("](../"))
  }
}
