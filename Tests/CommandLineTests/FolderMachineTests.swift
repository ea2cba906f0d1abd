import Foundation
import Results
import Testing

/// A folder holds one machine, whichever command measures and whichever file says whose it is.
@Suite(.serialized) struct FolderMachineTests {
  static let files = ["run.json", "results.json", "numbers.json", "calibration.json"]
  static let commands = [
    ["run", "planted/reporting", "--preset", "quick"], ["numbers"], ["numbers", "--again"],
    ["flame", "planted/reporting", "--seconds", "0.01"], ["counts", "planted/reporting"],
    ["calibrate"],
  ]

  private func lab(_ words: [String], in folder: URL) throws -> Perflab.Outcome {
    try Perflab.run(words + ["--machine", "box"], in: folder, product: "planted-lab")
  }

  private func scratch() throws -> (folder: URL, box: URL) {
    let folder = try Perflab.scratch()
    let box = folder.appending(path: "Reports/box")
    try FileManager.default.createDirectory(at: box, withIntermediateDirectories: true)
    return (folder, box)
  }

  /// As a machine that calls itself `Test` left it.
  private func foreign(_ file: String) throws -> Data {
    let results = Box.results
    return switch file {
    case "numbers.json":
      try JSONEncoder().encode(
        Numbers(
          run: results.run, machine: results.machine, fingerprint: "", processes: 5,
          wallSeconds: 1, entries: [], series: []))
    case "run.json": try JSONEncoder().encode(RunRecord(results))
    case "calibration.json": try JSONEncoder().encode(Calibration(machine: results.machine))
    default: try JSONEncoder().encode(results)
    }
  }

  private func names(in folder: URL) throws -> Set<String> {
    Set(try FileManager.default.subpathsOfDirectory(atPath: folder.path(percentEncoded: false)))
  }

  @Test(arguments: commands, files)
  func nothingIsMeasuredIntoAnotherMachinesFolder(command: [String], file: String) throws {
    let (folder, box) = try scratch()
    let stored = try foreign(file)
    try stored.write(to: box.appending(path: file))
    let outcome = try lab(command, in: folder)
    #expect(outcome.code == 1)
    #expect(
      outcome.err.hasPrefix(
        "planted-lab: Reports/box/\(file) is from another machine (processor Test, here "),
      "\(outcome.err)")
    #expect(outcome.err.contains("choose a folder for this one with --machine"))
    #expect(outcome.err.filter { $0 == "\n" }.count == 1)
    #expect(try Data(contentsOf: box.appending(path: file)) == stored)
    #expect(try names(in: box).subtracting([".lock"]) == [file])
  }

  /// Machines of one processor may have the same usual name: two commands are to do on each.
  @Test func besideAnotherMachineOfItsNameItHasAFolderOfItsOwn() throws {
    let folder = try Perflab.scratch()
    let words = ["run", "planted/reporting", "--preset", "quick"]
    func run() throws -> (outcome: Perflab.Outcome, folders: [String]) {
      let outcome = try Perflab.run(words, in: folder, product: "planted-lab")
      let reports = folder.appending(path: "Reports").path(percentEncoded: false)
      let folders = try FileManager.default.contentsOfDirectory(atPath: reports)
      return (outcome, folders.filter { !$0.hasPrefix(".") }.sorted())
    }
    let name = try #require(try run().folders.first)
    try foreign("run.json").write(to: folder.appending(path: "Reports/\(name)/run.json"))
    for _ in 0..<2 {
      let (outcome, folders) = try run()
      #expect(outcome.code == 0, "\(outcome.err)")
      #expect(
        outcome.err.contains(
          "Reports/\(name) is another machine's; this one's folder is Reports/\(name)-2"))
      #expect(folders == [name, "\(name)-2"])
    }
    let shown = try Perflab.run(
      ["list", "planted/reporting"], in: folder, product: "planted-lab")
    #expect(shown.out.contains("faster") || shown.out.contains("×"), "\(shown.out)")
  }

  @Test func itsOwnFolderIsWrittenAgain() throws {
    let (folder, box) = try scratch()
    for command in Self.commands.prefix(3) {
      let outcome = try lab(command, in: folder)
      #expect(outcome.code == 0, "\(outcome.err)")
    }
    let path = box.appending(path: "run.json")
    let own = try JSONDecoder().decode(RunRecord.self, from: Data(contentsOf: path)).machine
    try JSONEncoder().encode(Calibration(machine: own)).write(
      to: box.appending(path: "calibration.json"))
    // As far as it gets in a laboratory without kernels of known ratio.
    #expect(try lab(["calibrate"], in: folder).err.contains("no kernels of known ratio"))
  }

  @Test(arguments: files)
  func aFileThatCannotBeReadStopsOnlyWhoNeedsIt(file: String) throws {
    let (folder, box) = try scratch()
    try Data("{ \"machine\": {".utf8).write(to: box.appending(path: file))
    let numbers = try lab(["numbers"], in: folder)
    #expect(numbers.code == 0, "\(numbers.err)")
    let run = try lab(Self.commands[0], in: folder)
    #expect(run.code == (["run.json", "results.json"].contains(file) ? 1 : 0), "\(run.err)")
  }
}
