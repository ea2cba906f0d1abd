import Foundation
import Results
import Testing

/// `perflab ab` with two builds, whose difference is planted in what they report.
@Suite(.serialized) struct ABBuildTests {
  /// A laboratory of the planted experiments with a factor of its own.
  private func write(_ name: String, factor: String, result: Int = 0, in folder: URL) throws {
    let file = folder.appending(path: name)
    let text = """
      #!/bin/sh
      PLANTED_FACTOR=\(factor) PLANTED_RESULT=\(result) exec "\(Perflab.path("planted-lab"))" "$@"

      """
    try text.write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: file.path(percentEncoded: false))
  }

  private func ab(
    _ words: [String], in folder: URL, program: String = "./after"
  ) throws -> Perflab.Outcome {
    try Perflab.start([program, "ab", "--preset", "quick"] + words, in: folder)
  }

  private let only = ["--only", "planted/built"]

  @Test func aPlantedDifferenceIsFoundTwiceAndClosesTheGate() throws {
    let folder = try Perflab.scratch()
    try write("before", factor: "1", in: folder)
    try write("after", factor: "1.03", in: folder)
    let outcome = try ab(
      ["--against", "before", "--gate", "2%", "--json", "ab.json", "--out", "ab.md"] + only,
      in: folder)
    #expect(outcome.code == 1, "\(outcome.err)")
    #expect(outcome.out.contains("Of 4 measurements 1 is slower and 0 faster; 3 the same"))
    #expect(outcome.err.contains("one measurement is slower by more than 2%"))
    let found = try JSONDecoder().decode(
      ABComparison.self, from: Data(contentsOf: folder.appending(path: "ab.json")))
    let row = try #require(found.rows.first { $0.verdict == .slower })
    #expect(row.variant == "changed" && row.parameter?.value == 2)
    #expect(abs(row.ratio.estimate - 1 / 1.03) < 0.002)
    #expect(row.second?.verdict == .slower)
    #expect(found.rows.filter { $0.second != nil }.count == 1)
    let page = try String(contentsOf: folder.appending(path: "ab.md"), encoding: .utf8)
    #expect(page.contains("Gate at 2 %: **closed**"))
    // Faster is no reason to close.
    let faster = try ab(
      ["--against", "after", "--gate", "2%"] + only, in: folder, program: "./before")
    #expect(faster.code == 0, "\(faster.err)")
    #expect(faster.out.contains("0 are slower and 1 faster"))
  }

  @Test func theSameBuildIsNoDifferenceAndAnIdenticalOneNoMeasurement() throws {
    let folder = try Perflab.scratch()
    try write("before", factor: "1", in: folder)
    try write("after", factor: "1", in: folder)
    let same = try ab(["--against", "before", "--gate", "2%"] + only, in: folder)
    #expect(same.code == 0, "\(same.err)")
    #expect(same.out.contains("None of 4 measurements differs"))
    let identical = try ab(
      ["--against", Perflab.path("planted-lab")] + only, in: folder,
      program: Perflab.path("planted-lab"))
    #expect(identical.code == 0 && identical.out.contains("identical"), "\(identical.err)")
  }

  @Test func anotherResultIsAFailureUnlessIgnored() throws {
    let folder = try Perflab.scratch()
    try write("before", factor: "1", in: folder)
    try write("after", factor: "1", result: 1, in: folder)
    let strict = try ab(["--against", "before"] + only, in: folder)
    #expect(strict.code == 65)
    #expect(strict.err.contains("the results of the builds differ"), "\(strict.err)")
    let loose = try ab(["--against", "before", "--ignore-output"] + only, in: folder)
    #expect(loose.code == 0, "\(loose.err)")
  }

  @Test func whatIsNoLaboratoryIsOneLine() throws {
    let folder = try Perflab.scratch()
    try write("after", factor: "1", in: folder)
    try "#!/bin/sh\nexit 3\n".write(
      to: folder.appending(path: "other"), atomically: true, encoding: .utf8)
    for (path, says) in [
      ("nowhere", "does not exist"), ("other", "can't be run"), (".", "can't be run"),
      ("/bin/false", "can't be compared with this build: the worker ended with exit code 1"),
    ] {
      let outcome = try ab(["--against", path] + only, in: folder)
      #expect(outcome.code == 64 || outcome.code == 65)
      #expect(outcome.err.contains(says) && outcome.err.filter { $0 == "\n" }.count == 1)
    }
    try write("before", factor: "1", in: folder)
    let unknown = try ab(["--against", "before", "--only", "planted/bilt"], in: folder)
    #expect(unknown.code == 64 && unknown.err.contains("did you mean planted/built"))
  }

  // MARK: Revisions

  /// A repository whose base has the factor 1 and whose working tree has another.
  private func repository(factor: String) throws -> URL {
    let folder = try Perflab.scratch()
    try write("lab", factor: "1", in: folder)
    try "built\nkept\n".write(
      to: folder.appending(path: ".gitignore"), atomically: true, encoding: .utf8)
    let git = ["git", "-c", "user.name=A", "-c", "user.email=a@b", "-c", "init.defaultBranch=main"]
    for words in [["init", "-q"], ["add", "-A"], ["commit", "-qm", "One factor"]] {
      #expect(try Perflab.start(git + words, in: folder).code == 0)
    }
    try write("lab", factor: factor, in: folder)
    return folder
  }

  private func base(
    _ revision: String, _ more: [String] = [], build: String = "cp lab built", in folder: URL
  ) throws -> Perflab.Outcome {
    try ab(
      ["--base", revision, "--build", build, "--executable", "built", "--cache", "kept"] + only
        + more,
      in: folder, program: Perflab.path("planted-lab"))
  }

  @Test func aRevisionIsBuiltOnceAndComparedWithTheWorkingTree() throws {
    let folder = try repository(factor: "1.05")
    let first = try base("main", ["--gate", "2%"], in: folder)
    #expect(first.code == 1, "\(first.err)")
    #expect(first.err.contains("building main ("))
    #expect(first.err.contains("building working tree (uncommitted changes on"))
    #expect(first.out.contains("1 is slower"))
    let again = try base("main", in: folder)
    #expect(again.code == 0 && !again.err.contains("building"), "\(again.err)")
    // The user's index and branches are as they were.
    let status = try Perflab.start(["git", "status", "--porcelain"], in: folder)
    #expect(status.out == " M lab\n")
    let named = try base("main", ["--head", "HEAD", "--out", "kept/ab.md"], in: folder)
    #expect(named.code == 0)
    #expect(named.err.contains("uncommitted changes are no part of HEAD"))
    #expect(named.out.contains("main and HEAD have the same files, so that nothing was measured"))
    let page = try String(contentsOf: folder.appending(path: "kept/ab.md"), encoding: .utf8)
    #expect(page.contains("**Nothing was measured.**"))
  }

  @Test func whatWasBuiltIsNoSource() throws {
    let folder = try repository(factor: "1")
    let built = folder.appending(path: "part/.build/release")
    try FileManager.default.createDirectory(at: built, withIntermediateDirectories: true)
    try "x".write(to: built.appending(path: "object"), atomically: true, encoding: .utf8)
    let outcome = try base("main", in: folder)
    #expect(outcome.out.contains("main and working tree have the same files"), "\(outcome.out)")
  }

  @Test func aNeighbourThatChangedIsBuiltIntoBothSides() throws {
    let folder = try repository(factor: "1")
    let other = folder.deletingLastPathComponent().appending(path: "other-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
    let name = "../\(other.lastPathComponent)"
    func commit(_ manifest: String) throws {
      try manifest.write(
        to: folder.appending(path: "Package.swift"), atomically: true, encoding: .utf8)
      let git = ["git", "-c", "user.name=A", "-c", "user.email=a@b"]
      #expect(try Perflab.start(git + ["add", "-A"], in: folder).code == 0)
      #expect(try Perflab.start(git + ["commit", "-qm", "-"], in: folder).code == 0)
    }
    try commit("\"\(name)\" // one")
    try write("lab", factor: "1", in: other)
    try commit("\"\(name)\" // two")
    let build = "cp \(name)/lab built"
    #expect(try base("HEAD~1", build: build, in: folder).out.contains("None of 4"))
    try write("lab", factor: "1.05", in: other)
    try commit("\"\(name)\" // three")
    // The base was built before its neighbour changed.
    let again = try base("HEAD~2", build: build, in: folder)
    #expect(again.code == 0 && again.out.contains("None of 4"), "\(again.err)\(again.out)")
  }

  @Test func whatAnInterruptedBuildLeftIsNoPartOfTheNextOne() throws {
    let folder = try repository(factor: "1.05")
    #expect(try base("main", in: folder).code == 0)
    let kept = folder.appending(path: "kept")
    let names = try FileManager.default.contentsOfDirectory(
      atPath: kept.path(percentEncoded: false))
    let cache = kept.appending(path: try #require(names.first))
    // As git leaves them where it is killed: files that the index does not know.
    for path in ["unfinished", "tree-index.lock", "working-index.lock", "in/one/place/stray"] {
      try "".write(to: cache.appending(path: path), atomically: true, encoding: .utf8)
    }
    try write("lab", factor: "1.04", in: folder)
    let next = try base("main", build: "test ! -e stray && cp lab built", in: folder)
    #expect(next.code == 0 && next.out.contains("1 is slower"), "\(next.err)")
    // What the other side's build left is not taken for this one's.
    try write("lab", factor: "1.03", in: folder)
    let none = try base("main", build: "grep -q 1.03 lab || cp lab built", in: folder)
    #expect(none.code == 65 && none.err.contains("left no executable"), "\(none.err)")
    let lock = cache.appending(path: ".lock").path(percentEncoded: false)
    let second = try Perflab.start(
      ["flock", lock, Perflab.path("planted-lab"), "ab", "--base", "main", "--build", "true"]
        + ["--executable", "built", "--cache", "kept"], in: folder)
    #expect(second.code == 64 && second.err.contains("use another --cache"), "\(second.err)")
  }

  @Test func badRevisionsAndBuildsAreOneLine() throws {
    let folder = try repository(factor: "1.05")
    func expect(_ outcome: Perflab.Outcome, _ code: Int32, _ says: String) {
      #expect(outcome.code == code && outcome.err.contains(says), "\(outcome.err)")
      let lines = outcome.err.split(separator: "\n").filter { !$0.hasPrefix("building ") }
      #expect(lines.count == 1, "\(outcome.err)")
    }
    expect(try base("nowhere", in: folder), 64, "there is no revision 'nowhere'")
    let broken = "echo 'lab.c:1: error: no such thing'; exit 1"
    expect(
      try base("main", build: broken, in: folder), 65,
      "main does not build: lab.c:1: error: no such thing")
    expect(
      try base("main", build: "exit 3", in: folder), 65,
      "main does not build: it ended with exit code 3 and printed nothing")
    expect(try base("main", build: "true", in: folder), 65, "left no executable")
    expect(try base("main", in: try Perflab.scratch()), 64, "is in none")
    let plain = ["ab", "--base", "main"]
    expect(try Perflab.run(plain, in: folder), 64, "there is no Package.swift")
    expect(
      try Perflab.run(plain + ["--build", "make"], in: folder), 64, "are given together")
    expect(
      try Perflab.run(plain, in: folder, environment: ["PATH": folder.path(percentEncoded: false)]),
      64, "needs git, which is not installed")
  }
}
