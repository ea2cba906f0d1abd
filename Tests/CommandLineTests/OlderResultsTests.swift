import Foundation
import Results
import Testing

/// A folder of schema 1, where all results are one file, is read by every command and converted by
/// the next run.
@Suite(.serialized) struct OlderResultsTests {
  private let folder: URL
  private var box: URL { folder.appending(path: "Reports/box") }

  init() throws { folder = try Perflab.scratch() }

  private func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: box.appending(path: path).path(percentEncoded: false))
  }

  private func all() throws -> Results {
    let outcome = try Perflab.run(["export", "--format", "json", "box"], in: folder)
    #expect(outcome.code == 0, "\(outcome.err)")
    return try JSONDecoder().decode(Results.self, from: Data(outcome.out.utf8))
  }

  @Test(arguments: [
    ["list", "--machine", "box"], ["show", "memory/aos-to-soa", "--machine", "box"],
    ["report", "--machine", "box"], ["export", "--format", "jmh", "box"],
    ["export", "--format", "json", "Reports/box/results.json"],
    ["predict", "Reports/box"], ["predict", "Reports/box/results.json"],
    ["atlas", "--json", "--machine", "box"],
    ["compare", "Reports/box", "Reports/other/results.json", "--out", "x.md"],
  ])
  func everyCommandReadsIt(words: [String]) throws {
    try Box.writeOlder(to: box)
    var other = Box.results
    other.run.started = "2026-01-03T03:04:05Z"
    try Box.writeOlder(other, to: folder.appending(path: "Reports/other"))
    let stored = try Data(contentsOf: box.appending(path: "results.json"))
    let outcome = try Perflab.run(words, in: folder)
    #expect(outcome.code == 0, "\(outcome.err)")
    #expect(outcome.out.contains("aos-to-soa") || ["show", "predict"].contains(words[0]))
    #expect(outcome.out.contains("4.00") || !["list", "show", "report"].contains(words[0]))
    #expect(try Data(contentsOf: box.appending(path: "results.json")) == stored)
    #expect(!exists("run.json"))
  }

  @Test(arguments: ["2025-01-01T00:00:00Z", "2027-01-01T00:00:00Z"])
  func anotherMachinesIsLeftOut(started: String) throws {
    try Box.write(to: box)
    var other = Box.results
    other.machine.processor = "Another One 9000"
    other.run.started = started
    other.experiments[0].id = "memory/false-sharing"
    try Box.writeOlder(other, to: box)
    let report = try Perflab.run(["report", "--machine", "box"], in: folder)
    #expect(report.code == 1)
    #expect(report.err.contains("results.json is from another machine"), "\(report.err)")
    #expect(report.out.contains("aos-to-soa") && !report.out.contains("false-sharing"))
  }

  @Test func bothFormsGiveTheSameDocumentAndPages() throws {
    try Box.writeOlder(to: box)
    try Box.write(to: folder.appending(path: "Reports/new"))
    let older = try all()
    #expect(older.schema == Results.currentSchema)
    let new = try Perflab.run(["export", "--format", "json", "new"], in: folder)
    #expect(try JSONDecoder().decode(Results.self, from: Data(new.out.utf8)) == older)
    for name in ["box", "new"] {
      #expect(try Perflab.run(["report", "--machine", name], in: folder).code == 0)
    }
    for page in ["README.md", "memory/aos-to-soa.md", "speedups.svg"] {
      #expect(
        try Data(contentsOf: box.appending(path: page))
          == Data(contentsOf: folder.appending(path: "Reports/new/\(page)")), "\(page)")
    }
  }

  /// Results of this machine, as schema 1 would have them, with one that is not in the catalog.
  private func ownOlder() throws -> Results {
    let run = ["run", "planted/reporting", "--preset", "quick", "--machine", "box"]
    #expect(try Perflab.run(run, in: folder, product: "planted-lab").code == 0)
    var results = try all()
    results.experiments[0].id = "planted/of-old"
    results.run.started = "2025-01-01T00:00:00Z"
    results.experiments[0].run = nil
    try FileManager.default.removeItem(at: box)
    try Box.writeOlder(results, to: box)
    return results
  }

  @Test func theNextRunConvertsIt() throws {
    let older = try ownOlder()
    let run = ["run", "planted/reporting", "--preset", "quick", "--machine", "box"]
    let outcome = try Perflab.run(run, in: folder, product: "planted-lab")
    #expect(outcome.code == 0, "\(outcome.err)")
    #expect(!exists("results.json") && exists("run.json"))
    let now = try all().experiments
    #expect(now.map(\.id) == ["planted/of-old", "planted/reporting"])
    var kept = older.experiments[0]
    kept.run = older.run
    #expect(now[0] == kept)
  }

  @Test func ofBothFormsTheLaterResultCounts() throws {
    var older = try ownOlder()
    var stored = older.experiments[0]
    // As an interrupted conversion leaves it: some files written, the old one still there.
    stored.run = older.run
    try Box.put(
      StoredExperiment(stored, on: older.machine), in: box, at: "results/\(stored.id).json")
    #expect(try all().experiments == [stored])
    // As an older perflab leaves a converted folder.
    try Box.write(older, to: box)
    older.run.started = "2025-06-01T00:00:00Z"
    older.experiments[0].title = "later"
    try Box.writeOlder(older, to: box)
    #expect(try all().experiments.map(\.title) == ["later"])
    let run = ["run", "planted/reporting", "--preset", "quick", "--machine", "box"]
    #expect(try Perflab.run(run, in: folder, product: "planted-lab").code == 0)
    #expect(!exists("results.json"))
    #expect(try all().experiments[0].title == "later")
  }

  @Test func anIdThatLeadsOutOfTheFolderIsRefused() throws {
    var older = try ownOlder()
    older.experiments[0].id = "../outside"
    try Box.writeOlder(older, to: box)
    let run = ["run", "planted/reporting", "--preset", "quick", "--machine", "box"]
    let outcome = try Perflab.run(run, in: folder, product: "planted-lab")
    #expect(outcome.code == 1 && outcome.err.contains("'../outside' is no experiment's id"))
    #expect(exists("results.json") && !exists("outside.json"))
  }
}
