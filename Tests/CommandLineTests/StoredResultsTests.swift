import Foundation
import Results
import Testing

/// One file an experiment: what is written, what is read, and what a bad one does to the others.
@Suite(.serialized) struct StoredResultsTests {
  private let folder: URL
  private var box: URL { folder.appending(path: "Reports/box") }

  init() throws { folder = try Perflab.scratch() }

  private func lab(_ words: [String]) throws -> Perflab.Outcome {
    try Perflab.run(words + ["--machine", "box"], in: folder, product: "planted-lab")
  }

  private func run(_ ids: String...) throws -> Perflab.Outcome {
    try lab(["run"] + ids + ["--preset", "quick"])
  }

  private func path(_ id: String) -> URL { box.appending(path: "results/\(id).json") }

  private func paths() throws -> Set<String> {
    Set(try FileManager.default.subpathsOfDirectory(atPath: box.path(percentEncoded: false)))
  }

  /// Everything as one document.
  private func all(code: Int32 = 0) throws -> Results {
    let outcome = try Perflab.run(
      ["export", "--format", "json", "box"], in: folder, product: "planted-lab")
    #expect(outcome.code == code, "\(outcome.err)")
    return try JSONDecoder().decode(Results.self, from: Data(outcome.out.utf8))
  }

  /// Measures one experiment and puts a copy of it beside it under another's id.
  private func twoResults() throws {
    let first = try run("planted/reporting")
    try #require(first.code == 0, "\(first.err)")
    var results = try all()
    results.experiments[0].id = "planted/same"
    try Box.put(
      StoredExperiment(results.experiments[0], on: results.machine), in: box,
      at: "results/planted/same.json")
  }

  @Test func aRunStoresAFileForItselfAndOneForEachExperiment() throws {
    #expect(try run("planted/reporting").code == 0)
    let paths = try paths()
    #expect(paths.isSuperset(of: ["run.json", "results/planted/reporting.json"]))
    #expect(!paths.contains("results.json"))
    let lines = try String(contentsOf: path("planted/reporting"), encoding: .utf8)
      .split(separator: "\n")
    #expect(lines.count == 2)
    let head = try JSONSerialization.jsonObject(with: Data((lines[0].dropLast() + "}").utf8))
    #expect(lines[0].last == "," && lines[0].utf8.count < 512)
    #expect((head as? [String: Any])?["schema"] as? Int == Results.currentSchema)
    #expect(try all().experiments.map(\.id) == ["planted/reporting"])
  }

  @Test func storingOneLeavesTheOthersFilesAlone() throws {
    try twoResults()
    let others = try Data(contentsOf: path("planted/same"))
    let record = try Data(contentsOf: box.appending(path: "run.json"))
    let second = try run("planted/reporting")
    #expect(second.code == 0, "\(second.err)")
    #expect(try Data(contentsOf: path("planted/same")) == others)
    #expect(try Data(contentsOf: box.appending(path: "run.json")).count < 2 * record.count)
    let stored = try all().experiments
    #expect(Set(stored.map(\.id)) == ["planted/reporting", "planted/same"])
    #expect(Set(stored.compactMap(\.run?.seed)).count == 2)
  }

  @Test func theListReadsNoMoreThanTheFirstLine() throws {
    #expect(try run("planted/reporting").code == 0)
    let text = try String(contentsOf: path("planted/reporting"), encoding: .utf8)
    let first = text.prefix { $0 != "\n" }
    try (first + "\nno JSON").write(
      to: path("planted/reporting"), atomically: true, encoding: .utf8)
    let list = try lab(["list", "planted/reporting"])
    #expect(list.code == 0 && list.err.isEmpty, "\(list.err)")
    #expect(list.out.contains("faster 4"))
    let report = try lab(["report"])
    #expect(report.code == 1)
    #expect(report.err.contains("Reports/box/results/planted/reporting.json is not a results file"))
  }

  @Test func hundredsAreListedByTheirFirstLines() throws {
    let count = 320
    #expect(try run("planted/reporting").code == 0)
    let head = try String(contentsOf: path("planted/reporting"), encoding: .utf8)
      .prefix { $0 != "\n" }
    for number in 1...count {
      let id = "planted/more-\(number)"
      let line = head.replacing("\"planted/reporting\"", with: "\"\(id)\"")
      try (line + "\nno JSON").write(to: path(id), atomically: true, encoding: .utf8)
    }
    let list = try Perflab.run(
      ["list", "--machine", "box", "planted/more-*"], in: folder,
      environment: ["PLANTED_MORE": "\(count)"], product: "planted-lab")
    #expect(list.code == 0 && list.err.isEmpty, "\(list.err)")
    #expect(list.out.split(separator: "\n").count { $0.contains("faster 4") } == count)
  }

  @Test(arguments: [
    ("no JSON", "is not a results file of perflab (it is no complete JSON); move it away"),
    ("{\"schema\": 99}", "has schema 99, this perflab reads up to 2; use a newer perflab"),
    ("{\"schema\":99,\n\"later\":1}", "has schema 99"),
  ])
  func aBadFileIsNamedAndHidesNoOther(text: String, reason: String) throws {
    try twoResults()
    try text.write(to: path("planted/same"), atomically: true, encoding: .utf8)
    let name = "Reports/box/results/planted/same.json \(reason)"
    for words in [["list"], ["report"], ["atlas"]] {
      let outcome = try lab(words)
      #expect(outcome.code == 1, "\(words)")
      #expect(outcome.err.contains(name), "\(words): \(outcome.err)")
      #expect(outcome.err.components(separatedBy: "planted-lab: ").count == 2)
    }
    #expect(try lab(["list"]).out.contains("faster 4"))
    #expect(try paths().contains("planted/reporting.md"))
    let show = try lab(["show", "planted/reporting"])
    #expect(show.code == 0 && show.out.contains("faster 4"))
    let other = try run("planted/reporting")
    #expect(other.code == 0 && other.err.contains(name), "\(other.err)")
    // A gate can't close on what it does not see.
    var before = try all(code: 1)
    before.run.started = "2026-01-01T00:00:00Z"
    before.experiments[0].run = before.run
    try Box.write(before, to: folder.appending(path: "Reports/before"))
    let sides = ["compare", "Reports/before", "Reports/box", "--out", "x.md"]
    let seen = try Perflab.run(sides, in: folder)
    #expect(seen.code == 0 && seen.err.contains(name), "\(seen.err)")
    let gate = try Perflab.run(sides + ["--gate", "5%"], in: folder)
    #expect(gate.code == 65 && gate.err.contains(name), "\(gate.err)")
    // What would be lost is not measured over.
    let same = try run("planted/same")
    #expect(same.code == 1 && same.err.contains(name), "\(same.err)")
    #expect(try String(contentsOf: path("planted/same"), encoding: .utf8) == text)
  }

  @Test func aFileUnderAnothersNameOrOfAnotherMachineIsLeftOut() throws {
    try twoResults()
    let same = try Data(contentsOf: path("planted/same"))
    try same.write(to: path("planted/half"))
    let named = try lab(["report"])
    #expect(named.code == 1 && named.err.contains("half.json is not a results file"))
    #expect(named.err.contains("it holds planted/same"))
    for words in [["list"], ["show", "planted/half"]] {
      let outcome = try lab(words)
      #expect(outcome.code == 1 && outcome.err.contains("it holds planted/same"), "\(words)")
    }
    try FileManager.default.removeItem(at: path("planted/half"))
    var stored = try JSONDecoder().decode(StoredExperiment.self, from: same)
    stored.machine.processor = "Another One 9000"
    try Box.put(stored, in: box, at: "results/planted/same.json")
    let foreign = try lab(["report"])
    #expect(foreign.code == 1)
    #expect(foreign.err.contains("same.json is from another machine (processor Another One 9000"))
    #expect(try lab(["list"]).out.contains("faster 4"))
  }

  @Test func anInterruptedRunGoesOnWhereItWas() throws {
    #expect(try run("planted/reporting").code == 0)
    let before = try Data(contentsOf: path("planted/reporting"))
    let resumed = try lab(
      ["run", "planted/reporting", "planted/silent-metric", "--preset", "quick", "--resume"])
    #expect(!resumed.err.contains("planted/reporting: "), "\(resumed.err)")
    #expect(try Data(contentsOf: path("planted/reporting")) == before)
    #expect(try all().experiments.count == 2)
  }
}
