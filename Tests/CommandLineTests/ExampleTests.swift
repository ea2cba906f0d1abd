import Foundation
import Testing

/// The examples in this checkout. Beside them may lie what was measured here.
enum Examples {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../..").standardizedFileURL

  static func folders() throws -> [URL] {
    let reports = root.appending(path: "Reports")
    return try FileManager.default.contentsOfDirectory(atPath: reports.path(percentEncoded: false))
      .sorted().map { reports.appending(path: $0) }.filter { folder in
        let has = { (name: String) in
          let path = folder.appending(path: name).path(percentEncoded: false)
          return FileManager.default.fileExists(atPath: path)
        }
        return has("run.json.gz") && !has("run.json")
      }
  }
}

/// What is kept in git of a machine's folder.
@Suite(.serialized) struct ExampleTests {
  private static func files(in folder: URL) throws -> [String: Data] {
    let base = folder.path(percentEncoded: false)
    var files: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: base) {
      // A folder has no data.
      files[path] = try? Data(contentsOf: folder.appending(path: path))
    }
    return files
  }

  /// Targets of links and images in Markdown that lie in the folder and are not there.
  private static func brokenLinks(in files: [String: Data]) -> [String] {
    files.filter { $0.key.hasSuffix(".md") }.flatMap { path, data in
      let text = String(decoding: data, as: UTF8.self)
      return text.matches(of: /\]\(([^)#:\s]+\.(?:md|svg|json|gz|csv|folded))(?:#[^)]*)?\)/)
        .compactMap { match -> String? in
          let folder = URL(filePath: "/root/\(path)").deletingLastPathComponent()
          let target = folder.appending(path: String(match.1)).standardizedFileURL
            .path(percentEncoded: false).replacing("/root/", with: "")
          return files[target] == nil ? "\(path) → \(match.1)" : nil
        }
    }
  }

  private func lab(_ words: [String], in folder: URL) throws -> Perflab.Outcome {
    try Perflab.run(words, in: folder, product: "planted-lab")
  }

  @Test func anExampleHoldsItsPagesAndWhatTheyAreDrawnFrom() throws {
    let folder = try Perflab.scratch()
    for words in [
      ["run", "planted/reporting", "--preset", "quick", "--machine", "box"],
      ["flame", "planted/reporting", "--seconds", "0.1", "--machine", "box"],
      ["export", "--format", "example", "--output", "kept/box", "box"],
    ] {
      let outcome = try lab(words, in: folder)
      #expect(outcome.code == 0, "\(outcome.err)")
    }
    let kept = try Self.files(in: folder.appending(path: "kept/box"))
    #expect(
      Set(kept.keys).isSuperset(of: [
        "README.md", "planted/reporting.md", "run.json.gz", "numbers.json.gz",
        "results/planted/reporting.json.gz", "flame/planted/reporting.json.gz",
      ]))
    for path in kept.keys {
      #expect([".md", ".svg", ".json.gz", ".txt.gz"].contains { path.hasSuffix($0) }, "\(path)")
    }
    #expect(Self.brokenLinks(in: kept) == [])
    var without = kept
    without["planted/reporting.md"] = nil
    #expect(Self.brokenLinks(in: without).contains("README.md → planted/reporting.md"))
    // The same pages come of it.
    for path in kept.keys where !path.hasSuffix(".gz") {
      try FileManager.default.removeItem(at: folder.appending(path: "kept/box/\(path)"))
    }
    let report = ["report", "--out", "kept", "--machine", "box"]
    #expect(try lab(report, in: folder).code == 0)
    let redrawn = try Self.files(in: folder.appending(path: "kept/box"))
      .filter { !$0.key.hasSuffix(".folded") }
    #expect(redrawn.keys.sorted() == kept.keys.sorted())
    for (path, data) in kept { #expect(redrawn[path] == data, "\(path)") }
    // A second one does not mix with the first, and a run puts its files in the place of these.
    let again = try lab(
      ["export", "--format", "example", "--output", "kept/box", "box"], in: folder)
    #expect(again.code == 64 && again.err.contains("kept/box is not empty"))
    let run = [
      "run", "planted/reporting", "--preset", "quick", "--out", "kept", "--machine", "box",
    ]
    #expect(try lab(run, in: folder).code == 0)
    let after = try Self.files(in: folder.appending(path: "kept/box")).keys
    #expect(after.contains("run.json") && !after.contains("run.json.gz"))
    #expect(!after.contains("results/planted/reporting.json.gz"))
  }

  @Test(arguments: [[], ["--output", "x", "--only", "planted/*"]])
  func anExampleNeedsAFolderAndIsWhole(words: [String]) throws {
    let outcome = try lab(["export", "--format", "example"] + words, in: Perflab.scratch())
    #expect(outcome.code == 64)
    #expect(outcome.err.contains("name it with --output"))
  }

  @Test func anExampleIsNotMadeOfOneFile() throws {
    let folder = try Perflab.scratch()
    try Box.put(Box.results, in: folder, at: "all.json")
    let outcome = try lab(
      ["export", "--format", "example", "--output", "x", "all.json"], in: folder)
    #expect(outcome.code == 64 && outcome.err.contains("all.json is one file"), "\(outcome.err)")
  }

  @Test func theExamplesAreSmallAndTheirLinksHold() throws {
    var bytes = 0
    for folder in try Examples.folders() {
      // What `report` writes and git ignores.
      let kept = try Self.files(in: folder).filter { path, _ in
        ![".lock", ".folded", "index.html"].contains { path.hasSuffix($0) }
      }
      bytes += kept.values.reduce(0) { $0 + $1.count }
      #expect(Self.brokenLinks(in: kept) == [], "\(folder.lastPathComponent)")
      for path in kept.keys {
        #expect([".md", ".svg", ".json.gz"].contains { path.hasSuffix($0) }, "\(path)")
      }
    }
    #expect(bytes <= 8_000_000)
  }
}
