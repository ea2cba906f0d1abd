import Foundation
import Testing

/// `perflab map` as a user runs it.
@Suite struct MapTests {
  private static let line = """
    {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"web"}}]},\
    "scopeSpans":[{"spans":[{"traceId":"t","spanId":"a","name":"GET /"},{"traceId":"t","spanId":"b",\
    "parentSpanId":"a","name":"db","attributes":[{"key":"db.system.name","value":{"stringValue":"x"}},\
    {"key":"db.query.text","value":{"stringValue":"SELECT 1 FROM orders"}}]}]}]}]}
    """

  private func folder(_ files: [String: String]) throws -> URL {
    let folder = try Perflab.scratch()
    for (name, text) in files {
      try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }
    return folder
  }

  @Test func aFileAndAFolderAreDrawn() throws {
    let place = try folder(["a.json": Self.line, "b.jsonl": "\(Self.line)\n", "c.txt": "none"])
    let file = try Perflab.run(["map", "a.json", "--draws", "3"], in: place)
    #expect(file.code == 0 && file.err.isEmpty)
    #expect(file.out.hasPrefix("# Map of `a.json`\n"))
    #expect(file.out.contains("| orders | web | – | one |"))
    let all = try Perflab.run(["map", ".", "--output", "page.md"], in: place)
    #expect(all.code == 0 && all.out.isEmpty)
    let page = try String(contentsOf: place.appending(path: "page.md"), encoding: .utf8)
    #expect(page.contains("4 spans; 1 components"))
  }

  @Test func aStaticMapIsCompared() throws {
    let place = try folder(["a.json": Self.line, "drawn": "web -> stock\n", "bad": "web\n"])
    let page = try Perflab.run(["map", "a.json", "--static", "drawn"], in: place).out
    #expect(page.contains("- web → orders: 1 times in 1 requests"))
    #expect(page.contains("- web → stock"))
    let bad = try Perflab.run(["map", "a.json", "--static", "bad"], in: place)
    #expect(bad.err == "perflab: bad:1: not an edge; write one a line as 'from -> to'\n")
    #expect(bad.code == 64)
  }

  @Test(arguments: [
    ("empty.json", "empty.json is empty"), ("cut.json", "cut.json:1: not JSON of OTLP"),
    ("other.json", "other.json: no OTLP traces"), ("none.json", "none.json"),
    ("folder", "folder has no files that end in .json or .jsonl"),
    ("large.json", "large.json has 1024 MiB; a map takes at most 64"),
  ])
  func badInputIsOneLine(name: String, message: String) throws {
    let place = try folder([
      "empty.json": "\n", "cut.json": String(Self.line.dropLast(30)), "other.json": "{\"a\":[]}",
      "large.json": "",
    ])
    try FileManager.default.createDirectory(
      at: place.appending(path: "folder"), withIntermediateDirectories: true)
    let large = try FileHandle(forWritingTo: place.appending(path: "large.json"))
    try large.truncate(atOffset: 1 << 30)
    try large.close()
    let outcome = try Perflab.run(["map", name], in: place)
    #expect(outcome.code != 0 && outcome.out.isEmpty)
    #expect(outcome.err.hasPrefix("perflab: \(message)"), "\(outcome.err)")
    #expect(outcome.err.split(separator: "\n").count == 1)
  }
}
