import Foundation
import Results
import Testing

/// `perflab ab` with two commands. What is tested is never how long they take.
@Suite struct ABTests {
  private func ab(
    _ words: [String], in folder: URL? = nil
  ) throws -> Perflab.Outcome {
    try Perflab.run(["ab", "--seconds", "0.1"] + words, in: folder)
  }

  private func stored(_ folder: URL) throws -> ABComparison {
    try JSONDecoder().decode(
      ABComparison.self, from: Data(contentsOf: folder.appending(path: "ab.json")))
  }

  @Test func exitCodeTableAndPageFollowFromWhatIsStored() throws {
    let folder = try Perflab.scratch()
    let words = [
      "sleep 0.01", "--gate", "10%", "--json", "ab.json", "--out", "ab.md", "--seed", "3", "--",
      "sleep 0.05",
    ]
    let outcome = try Perflab.run(["ab", "--seconds", "0.1"] + words, in: folder)
    let found = try stored(folder)
    let row = try #require(found.rows.first)
    #expect(found.sides.map(\.name) == ["sleep 0.01", "sleep 0.05"])
    #expect(row.processes >= 6 && found.rows.count == 1)
    #expect(row.counts.map(\.name) == ["user time", "system time", "peak memory"])
    // On a busy machine there may be no verdict.
    let isSlower = !found.slower(by: 0.1).isEmpty
    #expect(outcome.code == (isSlower ? 1 : 0), "\(outcome.err)")
    #expect(outcome.err.contains("slower by more than 10%") == isSlower)
    let page = try String(contentsOf: folder.appending(path: "ab.md"), encoding: .utf8)
    #expect(page.contains("Gate at 10 %: **\(isSlower ? "closed" : "open")**"))
  }

  @Test func preparationInputAndOutputBelongToEachRun() throws {
    let folder = try Perflab.scratch()
    try "one\n".write(to: folder.appending(path: "in"), atomically: true, encoding: .utf8)
    let outcome = try Perflab.run(
      [
        "ab", "cat; echo run >> log", "--input", "in", "--prepare", "echo prepared >> log",
        "--seconds", "0.1", "--json", "ab.json", "--", "cat in; echo run >> log",
      ], in: folder)
    #expect(outcome.code == 0, "\(outcome.err)")
    let log = try String(contentsOf: folder.appending(path: "log"), encoding: .utf8)
    let lines = log.split(separator: "\n")
    #expect(lines.count % 2 == 0 && lines.count >= 2 * (2 + 36))
    #expect(stride(from: 0, to: lines.count, by: 2).allSatisfy { lines[$0] == "prepared" })
    #expect(try stored(folder).notes.filter { $0.contains("output") } == [])
  }

  @Test func differentOutputsAreSaid() throws {
    #expect(try ab(["echo a", "--", "echo b"]).out.contains("outputs differ (2 and 2 bytes)"))
    let unsteady = try ab(["echo $$", "--", "echo b"])
    #expect(unsteady.out.contains("first command changes from run to run"))
    let ignored = try ab(["echo a", "--ignore-output", "--", "echo b"])
    #expect(!ignored.out.contains("output"))
  }

  @Test(
    arguments: [
      ([], 64, "found none"), (["true"], 64, "found one"), (["a", "b", "c"], 64, "found 3"),
      (["true", "--", "sleep 0", "--gate", "3%"], 64, "options of ab go before '--'"),
      (["", "true"], 64, "the first command is empty"),
      (["true", "  "], 64, "second command is empty"),
      (["true", "true "], 64, "both commands are the same"),
      (["true", "exit 3"], 65, "the second command ended with exit code 3; it printed nothing"),
      (["echo no disk >&2; exit 2", "true"], 65, "exit code 2; its last output: no disk"),
      (["kill -9 $$", "true"], 65, "the first command was killed by SIGKILL"),
      (["--shell", "none", "no-such-program", "true"], 65, "no program 'no-such-program'"),
      (["--shell", "none", "echo 'a", "true"], 64, "a quote ' that is not closed"),
      (["--input", "nowhere", "cat", "true"], 65, "its input nowhere can't be read"),
      (
        ["--prepare", "exit 4", "true", "sleep 0"], 65, "the preparation of the first command ended"
      ),
      (["--prepare", "a", "--prepare", "b", "--prepare", "c", "true", "sleep 0"], 64, "or twice"),
      (["--gate", "1%", "true", "sleep 0"], 64, "percentage such as"),
      (["--cpus", "4000", "true", "sleep 0"], 64, "may not use processor 4000"),
      (["--preset", "slow", "true", "sleep 0"], 64, "no preset 'slow'"),
      (["--head", "HEAD"], 64, "--head needs --base"),
      (["--base", "main", "true", "sleep 0"], 64, "two commands or two builds"),
    ] as [([String], Int32, String)])
  func badInputIsOneLine(words: [String], code: Int32, says: String) throws {
    let outcome = try ab(words)
    #expect(outcome.code == code, "\(words): \(outcome.err)")
    let lines = outcome.err.split(separator: "\n").filter { !$0.hasPrefix("preset ") }
    #expect(lines.count == 1 && lines.first?.contains(says) == true, "\(outcome.err)")
  }

  @Test func anExitCodeMayBeIgnored() throws {
    let outcome = try ab(["exit 1", "--ignore-failure", "--", "exit 2"])
    #expect(outcome.code == 0, "\(outcome.err)")
    #expect(outcome.out.contains("Exit codes: 1 of the first command, 2 of the second."))
  }

  @Test func aSignalIsNoExitCode() throws {
    let outcome = try ab(["exit 1", "--ignore-failure", "--", "kill -SEGV $$"])
    #expect(outcome.code == 0, "\(outcome.err)")
    #expect(outcome.out.contains("Exit codes: 1 of the first command, SIGSEGV of the second."))
  }

  @Test func whatACommandLeavesRunningEndsWithIt() throws {
    let folder = try Perflab.scratch()
    let outcome = try ab(["sleep 600 & echo $! >> left; echo x", "--", "echo x "], in: folder)
    #expect(outcome.code == 0, "\(outcome.err)")
    let left = try String(contentsOf: folder.appending(path: "left"), encoding: .utf8)
      .split(separator: "\n").compactMap { Int32($0) }
    #expect(left.count >= 6)
    // Killed, it is gone, or waits for whoever reaps it.
    for process in left {
      let state = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
      #expect(state?.contains(") Z") ?? true, "\(state ?? "")")
    }
  }

  @Test func whatCanNotBeWrittenIsSaidBeforeAnythingRuns() throws {
    let folder = try Perflab.scratch()
    for words in [
      ["--json", "."], ["--out", "/proc/none/ab.md"], ["--json", "/proc/ab.json"],
      // A device has the right to write, and is no folder.
      ["--json", "/dev/null/ab.json"], ["--json", "new/"],
    ] {
      let outcome = try ab(words + ["touch run", "--", "touch run; true"], in: folder)
      #expect(outcome.code == 65 && outcome.err.contains("can't be written"), "\(outcome.err)")
    }
    #expect(
      try FileManager.default.contentsOfDirectory(
        atPath: folder.path(percentEncoded: false)
      ).isEmpty)
  }

  @Test func anInterruptKeepsWhatWasMeasured() throws {
    let folder = try Perflab.scratch()
    // The thirtieth run interrupts perflab itself.
    let first = "echo x >> log; [ $(wc -l < log) -eq 30 ] && kill -INT $PPID; sleep 0.01"
    let outcome = try Perflab.run(
      [
        "ab", first, "--seconds", "30", "--preset", "thorough", "--json", "ab.json",
        "--gate", "5%", "--out", "ab.md", "--", "sleep 0.01",
      ],
      in: folder)
    #expect(outcome.code == 130, "\(outcome.err)")
    #expect(outcome.err.contains("interrupted; what was measured until then is above"))
    #expect(try stored(folder).rows[0].stop == .interrupted)
    #expect(try !stored(folder).isComplete)
    let page = try String(contentsOf: folder.appending(path: "ab.md"), encoding: .utf8)
    #expect(page.contains("**Interrupted before the end.") && page.contains("**undecided**"))
    #expect(page.contains("A ratio is the time of the first command ÷ that of the second."))
  }
}
