import Foundation
import Results
import Testing

/// `perflab compare` on results made by hand.
@Suite struct CompareTests {
  /// A machine's folder with one speedup scaled, measured on a day of January.
  private func write(
    _ name: String, in folder: URL, speedup factor: Double = 1, day: Int = 1,
    processor: String = "Test"
  ) throws {
    var results = Box.results
    results.run.started = "2026-01-0\(day)T03:04:05Z"
    results.machine.processor = processor
    for experiment in results.experiments.indices {
      results.experiments[experiment].run = results.run
      for point in results.experiments[experiment].points.indices {
        results.experiments[experiment].points[point].processes = 9
        let old = results.experiments[experiment].points[point].candidates[0].speedup
        results.experiments[experiment].points[point].candidates[0].speedup = old.map {
          Interval(
            estimate: $0.estimate * factor, low: $0.low * factor, high: $0.high * factor)
        }
      }
    }
    try Box.write(results, to: folder.appending(path: "Reports/\(name)"))
  }

  private func compare(_ words: [String], in folder: URL) throws -> Perflab.Outcome {
    try Perflab.run(["compare"] + words, in: folder)
  }

  private func expectOneLine(
    _ outcome: Perflab.Outcome, code: Int32, says words: String,
    at location: SourceLocation = #_sourceLocation
  ) {
    #expect(outcome.code == code, sourceLocation: location)
    #expect(outcome.err.hasPrefix("perflab: "), sourceLocation: location)
    #expect(outcome.err.filter { $0 == "\n" }.count == 1, sourceLocation: location)
    #expect(outcome.err.contains(words), "\(outcome.err)", sourceLocation: location)
  }

  @Test func aGateEndsWithOneAtARegressionAndWithZeroElse() throws {
    let folder = try Perflab.scratch()
    try write("before", in: folder)
    try write("worse", in: folder, speedup: 0.7, day: 2)
    try write("better", in: folder, speedup: 1.4, day: 2)
    let worse = try compare(["Reports/before", "Reports/worse", "--gate", "5%"], in: folder)
    #expect(worse.code == 1)
    #expect(worse.out.contains("smaller"))
    #expect(worse.err.contains("2 speedups fell by more than 5%"))
    let better = try compare(["Reports/before", "Reports/better", "--gate", "5%"], in: folder)
    #expect(better.code == 0)
    #expect(better.out.contains("No speedup fell by more than 5 %."))
    #expect(try compare(["Reports/before", "Reports/worse"], in: folder).code == 0)
    let wide = try compare(["Reports/before", "Reports/worse", "--gate", "50"], in: folder)
    #expect(wide.code == 0)
  }

  @Test func thePageLiesWhereItIsSaidToAndTheSameAgain() throws {
    let folder = try Perflab.scratch()
    try write("before", in: folder)
    try write("after", in: folder, speedup: 0.7, day: 2)
    #expect(try compare(["Reports/before", "Reports/after"], in: folder).code == 0)
    let page = folder.appending(path: "Reports/comparisons/before-and-after.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    #expect(text.contains("](before-and-after-ratios.svg)"))
    let words = ["Reports/before", "Reports/after/run.json", "--out", "a b/c d.md"]
    #expect(try compare(words, in: folder).code == 0)
    let other = folder.appending(path: "a b/c d.md")
    let first = try Data(contentsOf: other)
    let chart = folder.appending(path: "a b/c-d-ratios.svg").path(percentEncoded: false)
    #expect(FileManager.default.fileExists(atPath: chart))
    #expect(try compare(words, in: folder).code == 0)
    #expect(try Data(contentsOf: other) == first)
  }

  @Test func timesOfDifferentMachinesAreLabelledAndGatesRefused() throws {
    let folder = try Perflab.scratch()
    try write("here", in: folder)
    try write("there", in: folder, speedup: 0.7, day: 2, processor: "Other")
    let outcome = try compare(["Reports/here", "Reports/there", "--out", "x.md"], in: folder)
    #expect(outcome.code == 0)
    #expect(outcome.out.contains("Different machines: speedups"))
    let page = try String(contentsOf: folder.appending(path: "x.md"), encoding: .utf8)
    #expect(page.contains("**on different machines**"))
    let gated = try compare(["Reports/here", "Reports/there", "--gate", "5%"], in: folder)
    expectOneLine(gated, code: 64, says: "one machine before and after a change")
  }

  @Test func threeSidesAreComparedWithTheFirst() throws {
    let folder = try Perflab.scratch()
    for (day, name) in ["a", "b", "c"].enumerated() { try write(name, in: folder, day: day + 1) }
    let outcome = try compare(["Reports/a", "Reports/b", "Reports/c"], in: folder)
    #expect(outcome.code == 0)
    #expect(outcome.out.contains("b against a"))
    #expect(outcome.out.contains("c against a"))
  }

  @Test(arguments: ["x", "0%", "1%", "-5%", "100%", "nan", "inf", "%"])
  func aGateThatIsNoPercentageIsRefused(gate: String) throws {
    let folder = try Perflab.scratch()
    try write("a", in: folder)
    try write("b", in: folder, day: 2)
    let outcome = try compare(["Reports/a", "Reports/b", "--gate=\(gate)"], in: folder)
    expectOneLine(outcome, code: 64, says: "percentage such as 5%")
  }

  @Test func badInputIsOneLineAndNeverTheGatesCode() throws {
    let folder = try Perflab.scratch()
    try write("a", in: folder)
    try write("b", in: folder, day: 2)
    func put(_ text: String, _ name: String) throws {
      try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }
    try put("{\"schema\": 99}", "newer.json")
    try put("{\"schema\": 1, ", "damaged.json")
    try put("\u{1f}", "short.json.gz")
    let cases: [(String, Int32, String)] = [
      ("nowhere", 65, "nowhere does not exist"), ("Reports", 65, "name a machine's folder"),
      ("newer.json", 65, "schema 99"), ("damaged.json", 65, "no complete JSON"),
      ("short.json.gz", 65, "not a results file"), ("Reports/a", 64, "the same results"),
      ("Reports/../Reports/a/run.json", 64, "the same results"),
    ]
    for (path, code, words) in cases {
      let outcome = try compare(["Reports/a", path, "--gate", "5%"], in: folder)
      expectOneLine(outcome, code: code, says: words)
    }
    expectOneLine(try compare(["Reports/a"], in: folder), code: 64, says: "two or more")
    expectOneLine(
      try compare(["Reports/a", "Reports/b", "--confirm"], in: folder), code: 64, says: "--gate")
    expectOneLine(
      try compare(["Reports/a", "Reports/b", "--out", "x.txt"], in: folder), code: 64,
      says: "Markdown file")
  }

  @Test func resultsWithNothingInCommonSaySo() throws {
    let folder = try Perflab.scratch()
    try write("a", in: folder)
    var other = Box.results
    other.experiments[0].id = "cpu/else"
    try Box.write(other, to: folder.appending(path: "Reports/b"))
    let outcome = try compare(["Reports/a", "Reports/b"], in: folder)
    expectOneLine(outcome, code: 65, says: "no measured experiment in common")
    // The same measurements under another name.
    try write("c", in: folder)
    let same = try compare(["Reports/a", "Reports/c"], in: folder)
    expectOneLine(same, code: 65, says: "the same measurements")
  }

  @Test func aPageThatCannotBeWrittenIsNoRegression() throws {
    let folder = try Perflab.scratch()
    try write("a", in: folder)
    try write("b", in: folder, speedup: 0.7, day: 2)
    try Data().write(to: folder.appending(path: "file"))
    let outcome = try compare(
      ["Reports/a", "Reports/b", "--gate", "5%", "--out", "file/x.md"], in: folder)
    expectOneLine(outcome, code: 65, says: "can't be written")
  }

  @Test func aDebugBuildConfirmsNothing() throws {
    let folder = try Perflab.scratch()
    try write("a", in: folder)
    try write("b", in: folder, speedup: 0.7, day: 2)
    let outcome = try compare(
      ["Reports/a", "Reports/b", "--gate", "5%", "--confirm"], in: folder)
    expectOneLine(outcome, code: 65, says: "debug build")
  }
}
