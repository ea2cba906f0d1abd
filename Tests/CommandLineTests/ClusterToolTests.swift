import Foundation
import Testing

/// `Tools/slurm` with stand-ins for Slurm and for perflab, and what a bundle needs.
@Suite struct ClusterToolTests {
  private static func tool(_ name: String) -> String {
    Examples.root.appending(path: "Tools/\(name)").path(percentEncoded: false)
  }

  /// A program that prints its arguments, one in each pair of brackets.
  private func write(_ name: String, _ script: String, in folder: URL) throws {
    let file = folder.appending(path: name)
    try "#!/bin/sh\n\(script)\n".write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: file.path(percentEncoded: false))
  }

  private let echo = "for word; do printf '[%s]' \"$word\"; done; echo"

  private func slurm(
    _ words: [String], in folder: URL, _ environment: [String: String] = [:]
  ) throws -> Perflab.Outcome {
    let path = "\(folder.path(percentEncoded: false)):/usr/bin:/bin"
    return try Perflab.start(
      ["sh", Self.tool("slurm")] + words, in: folder,
      environment: environment.merging(["PATH": path]) { $1 })
  }

  @Test func eachNodeGetsAnArrayWithATaskForEachPattern() throws {
    let folder = try Perflab.scratch()
    try write("scontrol", "echo n1; echo n2", in: folder)
    try write("sbatch", echo, in: folder)
    try write("perflab", "", in: folder)
    let found = try slurm(
      ["./perflab", "n[1-2]", "out", "cpu/*", "memory/*", "--", "--preset", "quick"], in: folder)
    #expect(found.code == 0, "\(found.err)")
    let lines = found.out.split(separator: "\n")
    #expect(lines.count == 2)
    for (line, node) in zip(lines, ["n1", "n2"]) {
      #expect(line.contains("[--nodelist=\(node)][--exclusive][--mem=0][--array=1-2%1]"))
      #expect(line.hasSuffix("/out][2][cpu/*][memory/*][--preset][quick]"), "\(line)")
    }
    let all = try slurm(["./perflab", "n[1-2]", "out"], in: folder)
    #expect(all.out.contains("[--array=1-1%1]") && all.out.hasSuffix("/out][0]\n"), "\(all.out)")
  }

  @Test func aTaskMeasuresItsPatternInItsNodesFolder() throws {
    let folder = try Perflab.scratch()
    try write("perflab", echo, in: folder)
    func task(_ number: String, _ words: [String]) throws -> String {
      try slurm(
        ["--task", "./perflab", "/out"] + words, in: folder,
        ["SLURM_ARRAY_TASK_ID": number, "SLURMD_NODENAME": "n7"]
      ).out
    }
    let begin = "[run][--resume][--out][/out][--machine][n7]"
    let words = ["2", "cpu/*", "memory/*", "--preset", "quick"]
    #expect(try task("2", words) == begin + "[--only][memory/*][--preset][quick]\n")
    #expect(try task("1", ["0", "--seed", "3"]) == begin + "[--seed][3]\n")
  }

  @Test func wrongUseIsOneLine() throws {
    let folder = try Perflab.scratch()
    func expect(_ words: [String], _ code: Int32, _ says: String) throws {
      let found = try slurm(words, in: folder)
      #expect(found.code == code && found.err.contains(says), "\(found.err)")
      #expect(found.err.filter { $0 == "\n" }.count == 1)
    }
    try expect(["x"], 64, "usage: Tools/slurm PROGRAM NODES OUT")
    try write("sbatch", "", in: folder)
    try write("scontrol", "", in: folder)
    try expect(["./none", "n1", "out"], 64, "./none can't be run")
    try expect(["./sbatch", "n1", "out"], 64, "there are no nodes in 'n1'")
  }

  @Test func withoutThePackageTheSourcesBesideTheExecutableAreShown() throws {
    let folder = try Perflab.scratch()
    let manager = FileManager.default
    let program = folder.appending(path: "perflab")
    try manager.copyItem(at: URL(filePath: Perflab.path()), to: program)
    let file = "Benchmarks/CPU/TimeComplexity.swift"
    let copy = folder.appending(path: "sources/\(file)")
    try manager.createDirectory(
      at: copy.deletingLastPathComponent(), withIntermediateDirectories: true)
    try manager.copyItem(at: Examples.root.appending(path: file), to: copy)
    // The folder that it was compiled in, hidden.
    let root = Examples.root.path(percentEncoded: false)
    let hidden = [
      "unshare", "-Urm", "sh", "-c", "mount -t tmpfs none '\(root)' && exec \"$@\"", "sh",
    ]
    guard try Perflab.start(hidden + ["true"]).code == 0 else { return }
    let shown = try Perflab.start(
      hidden + [program.path(percentEncoded: false), "show", "cpu/time-complexity"], in: folder)
    #expect(shown.out.contains("(\(file):"), "\(shown.out) \(shown.err)")
  }
}
