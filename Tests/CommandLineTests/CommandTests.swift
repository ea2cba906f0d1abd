import Foundation
import Testing

@Suite struct CommandTests {
  @Test func listNamesEveryExperimentWithItsSlot() throws {
    let outcome = try Perflab.run(["list"])
    #expect(outcome.code == 0)
    #expect(outcome.out.contains("memory/false-sharing"))
    #expect(outcome.out.contains("performance/memory/"))
    #expect(outcome.out.contains("not run yet"))
    #expect(outcome.err.isEmpty)
  }

  @Test func whatGoesThroughAPipeIsNotCut() throws {
    let folder = try Perflab.scratch()
    try Box.write(to: folder.appending(path: "Reports/box"))
    for words in [["list"], ["report"]] {
      let outcome = try Perflab.run(words + ["--machine", "box"], in: folder)
      #expect(outcome.code == 0)
      #expect(!outcome.out.contains("…"))
    }
  }

  @Test func listAsJSONIsJSON() throws {
    let outcome = try Perflab.run(["list", "--json", "cpu/*"])
    let rows = try JSONSerialization.jsonObject(with: Data(outcome.out.utf8)) as? [[String: Any]]
    #expect(rows?.isEmpty == false)
    #expect(rows?.allSatisfy { ($0["id"] as? String)?.hasPrefix("cpu/") == true } == true)
  }

  @Test func showPrintsTheCodeOfEveryVariant() throws {
    let outcome = try Perflab.run(["show", "memory/aos-to-soa"])
    #expect(outcome.code == 0)
    #expect(outcome.out.contains("Claim."))
    #expect(outcome.out.contains("Benchmarks/Memory/AoSToSoA.swift:"))
    #expect(outcome.out.contains("func "))
  }

  @Test func helpGoesToStandardOutput() throws {
    let outcome = try Perflab.run(["--help"])
    #expect(outcome.code == 0)
    #expect(outcome.out.contains("SUBCOMMANDS"))
    #expect(outcome.err.isEmpty)
    #expect(!outcome.out.contains("worker"))
  }

  @Test func smokeRunsThroughRealWorkersAndWritesNothing() throws {
    let folder = try Perflab.scratch()
    let outcome = try Perflab.run(["run", "--smoke", "memory/aos-to-soa"], in: folder)
    #expect(outcome.code == 0, "\(outcome.err)")
    #expect(outcome.err.contains("memory/aos-to-soa"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()).isEmpty)
  }

  @Test func oneProcessorIsEnough() throws {
    let cpus = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
      .firstMatch(of: /Cpus_allowed_list:\s*(\d+)/)
    let first = try #require(cpus).1
    let outcome = try Perflab.run(
      ["run", "--smoke", "memory/false-sharing", "memory/aos-to-soa"],
      under: ["taskset", "-c", String(first)])
    #expect(outcome.code == 0, "\(outcome.err)")
    #expect(outcome.err.contains("needs 2 cores; only 1 allowed"))
  }

  @Test func anAtlasHasResultsThatTheCatalogDoesNotKnow() throws {
    let folder = try Perflab.scratch()
    try Box.write(to: folder.appending(path: "Reports/box"))
    let atlas = try Perflab.run(
      ["atlas", "--machine", "box"], in: folder, product: "planted-lab")
    #expect(atlas.code == 0 && atlas.out.contains("memory/aos-to-soa"), "\(atlas.out)")
  }

  @Test func aListOfPatternsMayHaveBlanks() throws {
    let outcome = try Perflab.run(
      ["run", "--smoke", "--only", "planted/half, planted/same"], product: "planted-lab")
    #expect(outcome.code == 0, "\(outcome.err)")
    #expect(outcome.err.contains("planted/half: ") && outcome.err.contains("planted/same: "))
  }

  @Test func aReportRefreshesTheAtlas() throws {
    let folder = try Perflab.scratch()
    try Box.write(to: folder.appending(path: "Reports/box"))
    #expect(try Perflab.run(["report", "--machine", "box"], in: folder).code == 0)
    let page = folder.appending(path: "Reports/box/atlas.md")
    let atlas = try String(contentsOf: page, encoding: .utf8)
    #expect(atlas.contains("](memory/aos-to-soa.md): faster 4.00×"))
    let index = try String(
      contentsOf: folder.appending(path: "Reports/box/README.md"), encoding: .utf8)
    #expect(index.contains("[the atlas](atlas.md)"))
    #expect(try Perflab.run(["atlas", "--machine", "box"], in: folder).code == 0)
    #expect(try String(contentsOf: page, encoding: .utf8) == atlas)
  }

  @Test func aPackageOfOnesOwnIsCalledByItsName() throws {
    let folder = try Perflab.scratch()
    let bench = folder.appending(path: "bench").path(percentEncoded: false)
    try FileManager.default.createSymbolicLink(atPath: bench, withDestinationPath: Perflab.path())
    let script = "./bench show zzzz; ./bench --help"
    let outcome = try Perflab.run([], in: folder, under: ["bash", "-c", script])
    #expect(outcome.out.contains("USAGE: bench "))
    #expect(outcome.err.contains("see 'bench list'"))
  }
}
