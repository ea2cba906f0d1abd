import Foundation
import Testing

/// What `Tools/bench` builds and runs, with stand-ins for make and for what it builds.
@Suite struct BenchToolTests {
  /// - Parameter codes: with which perflab-core and perflab end.
  private func bench(_ only: String, codes: (Int32, Int32) = (0, 0)) throws -> Perflab.Outcome {
    let folder = try Perflab.scratch()
    for (name, code) in [("make", 0), ("perflab-core", codes.0), ("perflab", codes.1)] {
      let file = folder.appending(path: name)
      try "#!/bin/sh\necho \(name) \"$@\"\necho \"$PERFLAB_CONTINUE\" >&2\nexit \(code)\n".write(
        to: file, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: file.path(percentEncoded: false))
    }
    let path = folder.path(percentEncoded: false)
    let tool = Examples.root.appending(path: "Tools/bench").path(percentEncoded: false)
    return try Perflab.start(
      ["sh", tool, "\(path)/make", path, "quick", "Reports", only], in: folder)
  }

  @Test(arguments: [
    ("cpu/*", "perflab-core"), ("cpu/a, memory/*", "perflab-core"), ("*", "perflab"),
    ("cpu/*,scale/*", "perflab"), ("*/arena", "perflab"),
  ])
  func onlyWhatIsAskedForIsBuilt(only: String, product: String) throws {
    let lines = try bench(only).out.split(separator: "\n")
    let target = product == "perflab" ? "build" : "build-core"
    #expect(lines.count == 2 && lines[0] == "make --no-print-directory \(target)")
    #expect(lines[1] == "\(product) run --preset quick --out Reports --only \(only)")
  }

  @Test func theSecondPartGoesOnAndItsCodeCounts() throws {
    let all = try bench("", codes: (1, 0))
    #expect(
      all.code == 0 && all.out.hasSuffix("perflab run --preset quick --out Reports --resume\n"))
    #expect(try bench("", codes: (0, 1)).code == 1)
    let interrupted = try bench("", codes: (130, 0))
    #expect(interrupted.code == 130 && !interrupted.out.contains("--resume"))
    #expect(interrupted.err.hasSuffix("make bench PRESET=quick RUN_FLAGS='--resume'\n"))
    #expect(
      try bench("cpu/*").err.hasSuffix("PRESET=quick ONLY='cpu/*' RUN_FLAGS='--resume'\n"))
  }
}
