import Foundation
import Testing

/// Bad input gets one clear line, a code other than zero, and nothing half-written.
@Suite struct BadInputTests {
  private func results(_ text: String, in name: String = "results.json") throws -> URL {
    let folder = try Perflab.scratch()
    let machine = folder.appending(path: "Reports/box")
    try FileManager.default.createDirectory(at: machine, withIntermediateDirectories: true)
    try text.write(
      to: machine.appending(path: name), atomically: true, encoding: .utf8)
    return folder
  }

  private func isOneLine(_ text: String) -> Bool {
    text.hasPrefix("perflab: ") && text.filter { $0 == "\n" }.count == 1
  }

  @Test func anUnknownIdGetsTheNearestNames() throws {
    let outcome = try Perflab.run(["show", "memory/fales-sharing"])
    #expect(outcome.code == 64)
    #expect(outcome.out.isEmpty)
    #expect(isOneLine(outcome.err))
    #expect(outcome.err.contains("did you mean memory/false-sharing"))
  }

  @Test func aNameThatIsNotUTF8IsRefusedAndNotWrittenElsewhere() throws {
    let folder = try Perflab.scratch()
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-c", "exec \"$0\" report --out \"$(printf 'a\\377')\"", Perflab.path()]
    shell.currentDirectoryURL = folder
    let err = Pipe()
    shell.standardError = err
    try shell.run()
    let text = String(
      decoding: try err.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 64)
    #expect(isOneLine(text))
    #expect(text.contains("argument 3 is not UTF-8"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test func aPatternWithoutAMatchSaysSo() throws {
    let outcome = try Perflab.run(["run", "--smoke", "--only", "nowhere/*"])
    #expect(outcome.code == 64)
    #expect(isOneLine(outcome.err))
    #expect(outcome.err.contains("nowhere/*"))
  }

  @Test func anUnknownPresetNamesThePresets() throws {
    let outcome = try Perflab.run(["run", "--preset", "hasty"])
    #expect(outcome.code == 64)
    #expect(outcome.err.contains("quick, standard or thorough"))
  }

  @Test func aDebugBuildRefusesToMeasure() throws {
    let folder = try Perflab.scratch()
    let outcome = try Perflab.run(["run", "--preset", "quick"], in: folder)
    #expect(outcome.code == 1)
    #expect(isOneLine(outcome.err))
    #expect(outcome.err.contains("debug build"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()).isEmpty)
  }

  @Test(
    arguments: [
      ("", "no complete JSON"), ("{\"schema\": 1}", "'run' is missing"),
      ("{\"schema\": 1, \"run\": {", "no complete JSON"), ("[1, 2]", "no JSON object"),
      ("{\"benchmarks\": []}", "'schema' is missing"),
    ], ["results.json", "run.json"])
  func aDamagedOrForeignResultsFileIsNamedAndLeftAlone(
    content: (text: String, reason: String), name: String
  ) throws {
    let (text, reason) = content
    let folder = try results(text, in: name)
    let outcome = try Perflab.run(["report", "--machine", "box"], in: folder)
    #expect(outcome.code == 1)
    #expect(isOneLine(outcome.err))
    #expect(outcome.err.contains("Reports/box/\(name)"))
    #expect(outcome.err.contains(reason))
    let kept = folder.appending(path: "Reports/box/\(name)")
    #expect(try String(contentsOf: kept, encoding: .utf8) == text)
  }

  @Test(arguments: ["results.json", "run.json"])
  func aNewerSchemaIsRefused(name: String) throws {
    let folder = try results("{\"schema\": 99}", in: name)
    let outcome = try Perflab.run(["report", "--machine", "box"], in: folder)
    #expect(outcome.code == 1)
    #expect(outcome.err.contains("schema 99"))
  }

  @Test func aReportWithoutResultsSaysHowToGetThem() throws {
    let outcome = try Perflab.run(["report", "--machine", "box"])
    #expect(outcome.code == 1)
    #expect(outcome.err.contains("make bench"))
  }

  @Test(arguments: ["x", "9999", "1-", ""])
  func processorsThatCannotBeUsedAreRefused(list: String) throws {
    let outcome = try Perflab.run(["run", "--smoke", "--cpus", list, "--only", "cpu/*"])
    #expect(outcome.code == 64)
    #expect(isOneLine(outcome.err))
  }

  @Test(arguments: ["plain", "Upper/case", "a/b/c", "memory/", "memory/9lives", "../x"])
  func aNewExperimentNeedsAProperName(id: String) throws {
    let outcome = try Perflab.run(["new", id])
    #expect(outcome.code == 64)
    #expect(outcome.err.contains("area/name"))
  }

  @Test func aNewExperimentOutsideThePackageSaysWhereToGo() throws {
    let outcome = try Perflab.run(["new", "memory/fresh-idea"])
    #expect(outcome.code == 64)
    #expect(outcome.err.contains("package's folder"))
  }

  @Test func noFolderAtAllIsRefused() throws {
    let outcome = try Perflab.run(["report", "--out", ""])
    #expect(outcome.code == 64)
    #expect(outcome.err.contains("--out takes a folder"))
  }

  @Test func anUnknownCommandIsAUsageError() throws {
    let outcome = try Perflab.run(["frobnicate"])
    #expect(outcome.code == 64)
    #expect(outcome.err.contains("Usage"))
    #expect(outcome.out.isEmpty)
  }
}
