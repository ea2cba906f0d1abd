import Foundation
import Testing

/// Standard output that can't be written, a reader that has had enough, and signals.
@Suite("Output of the commands")
struct OutputTests {
  static let commands: [[String]] = [
    ["list"], ["list", "--json"], ["atlas"], ["doctor"], ["show", "memory/false-sharing"],
    ["predict", "MACHINE"], ["export", "--format", "json", "MACHINE"], ["--help"],
    ["--version"], ["compare", "MACHINE", "OTHER", "--out", "x.md"],
  ]

  @Test("lost output is an error", arguments: commands)
  func fullDisk(words: [String]) throws {
    let outcome = try shell(words, "> /dev/full")
    #expect(outcome.code != 0)
    #expect(outcome.err.contains("standard output can't be written"), "\(outcome.err)")
  }

  @Test("a closed pipe ends a command quietly", arguments: commands)
  func closedPipe(words: [String]) throws {
    // 141 is 128 and SIGPIPE's number; a command that had written all before its reader left, 0.
    let outcome = try shell(words, "| true; exit ${PIPESTATUS[0]}")
    #expect([0, 1, 141].contains(outcome.code))
    #expect(!outcome.err.contains("standard output"), "\(outcome.err)")
  }

  @Test(
    "a signal ends a run with 128 and its number",
    arguments: [("INT", 130), ("TERM", 143)])
  func signals(name: String, code: Int32) throws {
    let run = "run planted/hang --preset quick --machine box"
    let script = "\"$0\" \(run) & sleep 1; kill -\(name) $!; wait $!"
    let outcome = try Perflab.run(
      [], under: ["bash", "-c", script], product: "planted-lab")
    #expect(outcome.code == code, "\(outcome.err)")
  }

  private func shell(_ words: [String], _ rest: String) throws -> Perflab.Outcome {
    let machines = try Examples.folders().map { $0.path(percentEncoded: false) }
    let names = ["MACHINE": machines[0], "OTHER": machines[1]]
    let folder = try Perflab.scratch()
    let command = words.map { names[$0] ?? $0 }.joined(separator: " ")
    return try Perflab.run(
      [], in: folder, under: ["bash", "-c", "\"$0\" \(command) \(rest)"])
  }
}
