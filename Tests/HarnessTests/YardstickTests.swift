import Glibc
import PlantedExperiments
import Platform
import Results
import Testing

@testable import Harness

/// Peers and limits: what is compared with them, and what is said when a peer is not there.
@Suite(.serialized) struct YardstickTests {
  private static let source = """
    #include <stdint.h>
    const char *perflab_peer_version(void) { return "Planted 1.2"; }
    uint64_t planted_spin(int64_t rounds) {
      uint64_t state = 1;
      for (int64_t i = 0; i < rounds; i++)
        state = state * 6364136223846793005u + 1442695040888963407u;
      return state;
    }
    uint64_t planted_slip(int64_t rounds) { return planted_spin(rounds) + 1; }
    """

  /// A folder of its own with the planted library, by the compiler that builds the laboratory.
  private func folder(_ source: String = source) throws -> String {
    var template = Array("/tmp/perflab-peers-XXXXXX".utf8CString)
    let folder = String(cString: try #require(mkdtemp(&template)))
    try write(source, to: "\(folder)/planted.c")
    let command = "cd \(folder) && clang -O1 -fPIC -shared planted.c -o libperflab-planted.so"
    let compiler = try #require(popen(command, "r"))
    try #require(pclose(compiler) == 0)
    return folder
  }

  private func write(_ text: String, to path: String) throws {
    let file = try #require(fopen(path, "w"))
    fputs(text, file)
    fclose(file)
  }

  private func remove(_ folder: String) {
    for file in ["planted.c", "libperflab-planted.so"] { unlink("\(folder)/\(file)") }
    rmdir(folder)
  }

  private func run(_ name: String, peersIn folder: String) throws -> ExperimentResult {
    var launch = plantedLaunch()
    launch.environment[PeerFolder.variable] = folder
    let peers = PeerCheck(launch)
    var facilities = twoCores
    facilities.peer = { peers($0) }
    let orchestrator = Orchestrator(
      preset: brief, seed: 42, cpus: [allowedCPU()], machine: anyMachine, facilities: facilities,
      launch: launch)
    return try orchestrator.run(plantedExperiment(name), sources: []) { _ in }
  }

  @Test func candidatesAreComparedWithPeersAndLimitsInTheSameBlocks() throws {
    let folder = try folder()
    defer { remove(folder) }
    let result = try run("compared", peersIn: folder)
    #expect(
      result.account.yardsticks == [
        Yardstick(variant: "peer", kind: .peer, version: "Planted 1.2"),
        Yardstick(variant: "limit", kind: .limit),
      ])
    #expect(result.account.references == ["peer", "limit"])
    let point = result.points[0]
    #expect(point.status == .measured && point.variants.count == 4)
    let after = point.candidates[0]
    #expect(result.headline?.candidate == after)
    #expect(abs(try #require(result.ratio(of: after, to: .peer)).ratio.estimate - 0.8) < 1e-9)
    #expect(abs(try #require(result.ratio(of: after, to: .limit)).ratio.estimate - 0.5) < 1e-9)
    for yardstick in point.candidates.dropFirst() {
      #expect(yardstick.speedup != nil && yardstick.yardsticks == nil)
      #expect(yardstick.predicted == nil)
    }
    #expect(point.predictions?.map(\.name) == ["before", "after"])
  }

  @Test func withoutItsLibraryAPeerIsSkippedWithTheCommandThatBuildsIt() throws {
    let result = try run("compared", peersIn: "/nonexistent")
    let point = result.points[0]
    #expect(point.status == .measured)
    #expect(point.variants.map(\.name) == ["before", "after", "limit"])
    #expect(point.candidates[1].reason == "Planted is not there; type: make peers")
    #expect(point.candidates[0].yardsticks?.map(\.yardstick) == ["limit"])
    #expect(result.account.yardsticks?[0].version == nil)
  }

  @Test func aLibraryThatWantsAVariableIsOpenedAgainWithIt() throws {
    let choosy = """
      #include <stdlib.h>
      const char *perflab_peer_setting(void) {
        return getenv("PERFLAB_PLANTED") ? 0 : "PERFLAB_PLANTED=fast=1";
      }
      const char *perflab_peer_version(void) { return getenv("PERFLAB_PLANTED"); }

      """
    let plain = Self.source.split(separator: "\n").filter { !$0.contains("peer_version") }
    let folder = try folder(choosy + plain.joined(separator: "\n"))
    defer { remove(folder) }
    let result = try run("compared", peersIn: folder)
    #expect(result.account.yardsticks?[0].version == "fast=1")
    #expect(result.points[0].status == .measured)
  }

  @Test func aLibraryWithoutTheFunctionIsNamedWithIt() throws {
    let folder = try folder()
    defer { remove(folder) }
    let point = try run("older-peer", peersIn: folder).points[0]
    let path = "\(folder)/libperflab-planted.so"
    #expect(
      point.candidates[1].reason
        == "\(path) has no function planted_twist; type: rm \(path); make peers")
    #expect(point.status == .measured)
  }

  @Test func aDamagedLibraryCostsItsOwnVariantAlone() throws {
    let folder = try folder()
    defer { remove(folder) }
    let path = "\(folder)/libperflab-planted.so"
    try write("no library\n", to: path)
    let point = try run("compared", peersIn: folder).points[0]
    let reason = try #require(point.candidates[1].reason)
    #expect(reason.hasPrefix("\(path) can't be opened (") && !reason.contains("\n"), "\(reason)")
    #expect(reason.hasSuffix("type: rm \(path); make peers"))
    #expect(point.status == .measured && point.candidates[0].speedup != nil)
  }

  @Test func aLibraryThatEndsTheProcessEndsNoOther() throws {
    let crash = "__attribute__((constructor)) static void begin(void) { __builtin_trap(); }"
    let folder = try folder("\(Self.source)\n\(crash)")
    defer { remove(folder) }
    let point = try run("compared", peersIn: folder).points[0]
    let reason = try #require(point.candidates[1].reason)
    #expect(reason.contains("the worker was killed by SIGILL while opening it"), "\(reason)")
    #expect(point.status == .measured && point.candidates[0].speedup != nil)
  }

  @Test func aPeerWithAnotherResultStopsTheExperiment() throws {
    let folder = try folder()
    defer { remove(folder) }
    let result = try run("wrong-peer", peersIn: folder)
    #expect(result.reason?.hasPrefix("wrong result: peer returned") == true)
  }

  @Test func theSmokeRunLeavesOutAPeerThatIsNotThere() throws {
    let outcomes = try SmokeRun.outcomes(of: plantedExperiment("compared"), cpus: [allowedCPU()])
    #expect(outcomes.map(\.variant) == ["before", "after", "limit"])
  }
}
