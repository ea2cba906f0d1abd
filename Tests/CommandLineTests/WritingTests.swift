import Foundation
import Testing

/// What can't be written loses nothing and leaves nothing half-written behind.
@Suite struct WritingTests {
  /// A minimal results file of the current schema.
  private static let results = """
    {"schema": 1, "conditions": [], "experiments": [],
     "run": {"started": "2026-01-01T00:00:00Z", "preset": "quick", "seed": 1, "version": "0",
             "cpus": [0], "flags": {"optimised": true, "compiler": "", "instructionSet": "",
             "features": []}},
     "machine": {"name": "box", "processor": "P", "architecture": "x86_64", "cores": 1,
             "threads": 1, "packages": 1, "numaNodes": 1, "memoryBytes": 1, "caches": [],
             "kernel": "k", "system": "s", "numbers": {}}}
    """

  private func folder() throws -> URL {
    let folder = try Perflab.scratch()
    let machine = folder.appending(path: "Reports/box")
    try FileManager.default.createDirectory(at: machine, withIntermediateDirectories: true)
    try Self.results.write(
      to: machine.appending(path: "results.json"), atomically: true, encoding: .utf8)
    return folder
  }

  private func names(_ folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: folder.appending(path: "Reports/box").path()
    ).sorted()
  }

  @Test func theSameResultsGiveTheSamePages() throws {
    let folder = try folder()
    #expect(try Perflab.run(["report", "--machine", "box"], in: folder).code == 0)
    let page = folder.appending(path: "Reports/box/README.md")
    let first = try Data(contentsOf: page)
    #expect(try Perflab.run(["report", "--machine", "box"], in: folder).code == 0)
    #expect(try Data(contentsOf: page) == first)
  }

  @Test func aFullDiskIsOneLineAndLeavesNoRest() throws {
    let folder = try folder()
    let outcome = try Perflab.run(
      ["report", "--machine", "box"], in: folder, under: ["prlimit", "--fsize=64"])
    #expect(outcome.code == 1)
    #expect(outcome.err.contains("can't be written"))
    #expect(outcome.err.filter { $0 == "\n" }.count == 1)
    #expect(try names(folder) == ["results.json"])
    let kept = folder.appending(path: "Reports/box/results.json")
    #expect(try String(contentsOf: kept, encoding: .utf8) == Self.results)
  }
}
