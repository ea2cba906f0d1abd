import Foundation
import Results
import Testing

/// Runs over planted experiments whose metric is no time, so that a debug build may measure them.
@Suite(.serialized) struct HistoryTests {
  private func lab(_ words: [String], in folder: URL) throws -> Perflab.Outcome {
    try Perflab.run(words, in: folder, product: "planted-lab")
  }

  private func results(_ name: String, in folder: URL) throws -> Results {
    let outcome = try lab(["export", "--format", "json", name], in: folder)
    return try JSONDecoder().decode(Results.self, from: Data(outcome.out.utf8))
  }

  /// The same results as another run, with every speedup scaled.
  private func copy(
    _ results: Results, scaledBy factor: Double, to name: String, in folder: URL
  ) throws {
    var other = results
    other.run.started = "2026-01-01T00:00:00Z"
    for index in other.experiments.indices {
      other.experiments[index].run = other.run
      for point in other.experiments[index].points.indices {
        let old = other.experiments[index].points[point].candidates[0].speedup
        other.experiments[index].points[point].candidates[0].speedup = old.map {
          Interval(estimate: $0.estimate * factor, low: $0.low * factor, high: $0.high * factor)
        }
      }
    }
    try Box.write(other, to: folder.appending(path: "Reports/\(name)"))
  }

  private func history(_ name: String, in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: "Reports/\(name)/history").path()
    ).sorted()
  }

  @Test func anotherMachinesFolderIsLeftAlone() throws {
    let folder = try Perflab.scratch()
    let run = ["run", "planted/reporting", "--preset", "quick", "--machine", "now"]
    #expect(try lab(run, in: folder).code == 0)
    var foreign = try results("now", in: folder)
    let processor = foreign.machine.processor
    foreign.machine.processor = "Another One 9000"
    let path = folder.appending(path: "Reports/now/run.json")
    try Box.write(foreign, to: folder.appending(path: "Reports/now"))
    let stored = try Data(contentsOf: path)
    let second = try lab(run, in: folder)
    #expect(second.code == 1)
    #expect(
      second.err.contains(
        "Reports/now/run.json is from another machine (processor Another One 9000, here "
          + "\(processor)); choose a folder for this one with --machine"))
    #expect(try Data(contentsOf: path) == stored)
  }

  @Test func aSecondMeasurementConfirmsOrOpensTheGate() throws {
    let folder = try Perflab.scratch()
    let run = ["run", "planted/reporting", "--preset", "quick", "--machine", "now"]
    let first = try lab(run, in: folder)
    #expect(first.code == 0, "\(first.err)")
    let now = try results("now", in: folder)
    let measured = now.experiments[0].points[0].candidates[0].speedup?.estimate ?? 0
    #expect(abs(measured - 4) < 1e-9)
    try copy(now, scaledBy: 2, to: "better", in: folder)
    try copy(now, scaledBy: 0.5, to: "worse", in: folder)
    let gate = ["--gate", "5%", "--confirm", "--out", "x.md"]

    let real = try lab(["compare", "Reports/better", "Reports/now"] + gate, in: folder)
    #expect(real.code == 1, "\(real.err)")
    #expect(real.out.contains(", confirmed"))
    #expect(real.err.contains("measuring again: planted/reporting"))

    let unreal = try lab(["compare", "Reports/now", "Reports/worse"] + gate, in: folder)
    #expect(unreal.code == 0, "\(unreal.err)")
    #expect(unreal.out.contains(", not confirmed"))
    let page = try String(contentsOf: folder.appending(path: "x.md"), encoding: .utf8)
    #expect(page.contains("**Open.**"))
    let again = folder.appending(path: "x-again.json").path(percentEncoded: false)
    #expect(FileManager.default.fileExists(atPath: again))

    let unwritable = try lab(
      ["compare", "Reports/better", "Reports/now"] + gate.dropLast() + ["/proc/x.md"], in: folder)
    #expect(unwritable.code == 65 && !unwritable.err.contains("measuring again"))

    let quiet = try lab(["compare", "Reports/worse", "Reports/now"] + gate, in: folder)
    #expect(quiet.code == 0)
    #expect(!quiet.err.contains("measuring again"))
  }

  @Test func everyRunIsKeptAndThreeMakeATrend() throws {
    let folder = try Perflab.scratch()
    let run = ["run", "planted/reporting", "--preset", "quick", "--machine", "box"]
    #expect(try lab(run, in: folder).code == 0)
    let first = try history("box", in: folder)
    #expect(first.count == 1)
    let entry = "Reports/box/history/\(first[0])"
    let page = folder.appending(path: "Reports/box/planted/reporting.md")
    #expect(!(try String(contentsOf: page, encoding: .utf8).contains("Over time")))
    // Two older runs, kept uncompressed by hand under the same ending.
    var older = try results("box", in: folder)
    for year in ["2024", "2025"] {
      older.run.started = "\(year)-01-01T00:00:00Z"
      older.experiments[0].run = older.run
      try JSONEncoder().encode(older).write(
        to: folder.appending(path: "Reports/box/history/\(year)0101T000000Z.json.gz"))
    }
    let report = ["report", "--machine", "box"]
    #expect(try lab(report, in: folder).code == 0)
    let text = try String(contentsOf: page, encoding: .utf8)
    #expect(text.contains("## Over time"))
    #expect(text.contains("| 2024-01-01T00:00:00Z |"))
    #expect(try lab(report, in: folder).code == 0)
    #expect(try String(contentsOf: page, encoding: .utf8) == text)

    let damaged = folder.appending(path: "Reports/box/history/20230101T000000Z.json.gz")
    try Data([0x1f, 0x8b, 1]).write(to: damaged)
    let warned = try lab(report, in: folder)
    #expect(warned.code == 0)
    #expect(warned.err.contains("20230101T000000Z.json.gz is left out of the trends"))
    #expect(warned.err.filter { $0 == "\n" }.count == 2)
    #expect(try String(contentsOf: page, encoding: .utf8) == text)

    let same = try lab(["compare", entry, "Reports/box"], in: folder)
    #expect(same.code == 65)
    #expect(same.err.contains("the same measurements"))
    let compared = try lab(
      ["compare", "Reports/box/history/20240101T000000Z.json.gz", entry], in: folder)
    #expect(compared.code == 0, "\(compared.err)")
    #expect(compared.out.contains("against box 2024-01-01T00:00:00Z"))
  }

  @Test func theHistoryIsBoundedAndTheOldestGo() throws {
    let folder = try Perflab.scratch()
    let history = folder.appending(path: "Reports/box/history")
    try FileManager.default.createDirectory(at: history, withIntermediateDirectories: true)
    for number in 100..<220 {
      try Data("{}".utf8).write(to: history.appending(path: "2020\(number).json.gz"))
    }
    try Data("mine".utf8).write(to: history.appending(path: "notes.txt"))
    let run = ["run", "planted/reporting", "--preset", "quick", "--machine", "box"]
    #expect(try lab(run, in: folder).code == 0)
    let names = try self.history("box", in: folder)
    #expect(names.count == 101)
    #expect(names.first == "2020121.json.gz")
    #expect(names.contains("notes.txt"))
  }

  @Test func anInterruptedRunIsKeptWithWhatItHas() throws {
    let folder = try Perflab.scratch()
    let process = Process()
    process.executableURL = URL(filePath: Perflab.path("planted-lab"))
    process.arguments = [
      "run", "planted/reporting", "planted/hang", "--preset", "quick", "--machine", "box",
    ]
    process.currentDirectoryURL = folder
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    // The second experiment hangs, so that there is time to interrupt it.
    let saved = folder.appending(path: "Reports/box/results/planted/reporting.json")
      .path(percentEncoded: false)
    while process.isRunning, !FileManager.default.fileExists(atPath: saved) { usleep(20_000) }
    process.interrupt()
    process.waitUntilExit()
    #expect(process.terminationStatus == 130)
    #expect(try history("box", in: folder).count == 1)
  }
}
