import Foundation
import Results
import Testing

/// `perflab embed`, as a user runs it on a folder of notes.
@Suite struct EmbedTests {
  static let place = "<!-- perflab memory/aos-to-soa chart -->\r\n<!-- /perflab -->\r\nend"

  /// Notes in a wiki's folder, results beside it.
  private func wiki(_ text: String, machine: String = "box") throws -> (URL, note: URL) {
    let folder = try Perflab.scratch()
    try Box.write(to: folder.appending(path: "Reports/\(machine)"))
    let note = folder.appending(path: "Mein Wiki/Größen & Maße/Notiz 1.md")
    try FileManager.default.createDirectory(
      at: note.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: note)
    return (folder, note)
  }

  private func text(_ url: URL) throws -> String {
    String(decoding: try Data(contentsOf: url), as: UTF8.self)
  }

  @Test func linksLeadFromTheNotesToTheReports() throws {
    let (folder, note) = try wiki(Self.place, machine: "Büro Ö")
    let words = ["embed", note.path(percentEncoded: false), "--machine", "Büro Ö"]
    let outcome = try Perflab.run(words, in: folder)
    #expect(outcome.code == 0, "\(outcome.err)")
    let filled = try text(note)
    #expect(
      filled.contains("](../../Reports/B%C3%BCro%20%C3%96/memory/aos-to-soa-speedup.svg)\r\n"))
    #expect(filled.hasSuffix("\r\n<!-- /perflab -->\r\nend"))
    let again = try Perflab.run(words + ["--check"], in: folder)
    #expect(again.code == 0)
    #expect(try Perflab.run(words, in: folder).out == "nothing changed\n")
    #expect(try text(note) == filled)
  }

  @Test func chartsAreCopiedBesideTheNotes() throws {
    let (folder, note) = try wiki(Self.place)
    let words = [
      "embed", "Mein Wiki/Größen & Maße/Notiz 1.md", "--machine", "box", "--copy-assets",
      "Mein Wiki/assets",
    ]
    #expect(try Perflab.run(words, in: folder).code == 0)
    #expect(try text(note).contains("](../assets/box-memory-aos-to-soa-speedup.svg)"))
    let chart = folder.appending(path: "Mein Wiki/assets/box-memory-aos-to-soa-speedup.svg")
    #expect(try text(chart).hasPrefix("<svg"))
    #expect(try Perflab.run(words + ["--check"], in: folder).code == 0)
    try FileManager.default.removeItem(at: chart)
    #expect(try Perflab.run(words + ["--check"], in: folder).code == 1)
  }

  @Test func aCheckFailsWhereSomethingWouldChangeAndChangesNothing() throws {
    let (folder, note) = try wiki(Self.place)
    let outcome = try Perflab.run(
      ["embed", note.path(percentEncoded: false), "--machine", "box", "--check"], in: folder)
    #expect(outcome.code == 1)
    #expect(outcome.err.contains("Notiz 1.md would change"))
    #expect(try text(note) == Self.place)
  }

  @Test func aProblemInOneFileLeavesAllAsTheyWere() throws {
    let (folder, note) = try wiki(Self.place)
    let other = folder.appending(path: "other.md")
    try Data("\n\n<!-- perflab memory/aos-to-so chart -->\n<!-- /perflab -->".utf8)
      .write(to: other)
    let outcome = try Perflab.run(
      ["embed", note.path(percentEncoded: false), "other.md", "--machine", "box"], in: folder)
    #expect(outcome.code == 1)
    #expect(outcome.err.hasPrefix("perflab: other.md:3: there are no results of"))
    #expect(outcome.err.contains("did you mean memory/aos-to-soa?"))
    #expect(try text(note) == Self.place)
  }

  @Test func aLinkToNotesStaysALinkAndTheirModeStays() throws {
    let (folder, note) = try wiki(Self.place)
    let path = note.path(percentEncoded: false)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    let link = folder.appending(path: "link.md").path(percentEncoded: false)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    #expect(try Perflab.run(["embed", "link.md", "--machine", "box"], in: folder).code == 0)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
    #expect(try text(note).contains("](../../Reports/box/"))
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect(mode as? Int == 0o600)
  }
}

/// A small results file, as a run leaves it.
enum Box {
  static let results: Results = {
    let flags = BuildFlags(
      optimised: true, compiler: "swift-6.3.1", instructionSet: "native", features: ["avx2"])
    let run = Run(
      started: "2026-01-02T03:04:05Z", preset: "quick", seed: 42, version: "0.1.0", flags: flags,
      cpus: [1])
    let machine = Machine(
      name: "box", processor: "Test", architecture: "x86_64", cores: 2, threads: 2, packages: 1,
      numaNodes: 1, memoryBytes: 1 << 34, caches: [], kernel: "6.1.0", system: "Debian 13",
      hypervisor: nil)
    let account = Account(
      slot: "performance/memory/layout", claim: "One.", mechanism: "Two.", limits: "Three.",
      diagram: "flowchart LR\n  A[{aos}] --> B[{soa}]", axis: "working set", numericAxis: true,
      metric: .time, signals: [], sources: [])
    let points = [(1 << 14, "16 KiB", 100.0), (1 << 22, "4 MiB", 40_000)].map { size, label, time in
      PointResult(
        parameter: Parameter(value: size, label: label), status: .measured,
        variants: [("aos", time), ("soa", time / 4)].map { name, value in
          VariantResult(
            name: name,
            value: Interval(estimate: value, low: value * 0.99, high: value * 1.01),
            unit: .nanoseconds,
            counters: ["cpu time": Counter(value, unit: .nanoseconds)])
        },
        candidates: [
          CandidateResult(
            name: "soa", speedup: Interval(estimate: 4, low: 3.9, high: 4.1), verdict: .faster)
        ], null: Interval(estimate: 1, low: 0.99, high: 1.01), processes: 5, blocks: 50,
        stop: .precise, iterations: 8)
    }
    let experiment = ExperimentResult(
      id: "memory/aos-to-soa", title: "Structs", status: .measured, reason: nil,
      account: account, points: points)
    return Results(run: run, machine: machine, conditions: [], experiments: [experiment])
  }()

  static func write(_ results: Results = Box.results, to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try JSONEncoder().encode(results).write(to: folder.appending(path: "results.json"))
  }
}
