import Foundation
import Results
import Testing

/// `perflab predict`, as who works on a model runs it.
@Suite struct PredictTests {
  private func box(_ results: Results = Self.withNumbers) throws -> URL {
    let folder = try Perflab.scratch()
    try Box.write(results, to: folder.appending(path: "Reports/box"))
    return folder
  }

  /// A machine whose numbers let the model of memory/aos-to-soa speak: records of 16 KiB lie in the
  /// first level, where the model has both variants bound by the addition, so that it says 1.00.
  private static var withNumbers: Results {
    var results = Box.results
    results.machine.caches = [.init(level: 1, bytes: 32 << 10, lineBytes: 64, sharedBy: 1)]
    for (name, value) in ["add.integer.latency": 0.25, "stream.16384": 0.3] {
      results.machine.numbers[name] = MachineNumber(
        Quantity(Interval(estimate: value, low: value, high: value), unit: .nanoseconds),
        method: "made up")
    }
    let index = results.experiments[0].points.startIndex
    results.experiments[0].points[index].candidates[0].name = "structure of arrays"
    results.experiments[0].points[index].candidates[0].predicted = PredictedSpeedup(
      speedup: 2, because: "Then.")
    return results
  }

  @Test func whatWasPredictedStandsBesideWhatIs() throws {
    let outcome = try Perflab.run(["predict", "Reports/box", "--why"], in: box())
    #expect(outcome.code == 0, "\(outcome.err)")
    let row = outcome.out.split(separator: "\n").first { $0.contains("16 KiB") }
    let cells = try #require(row).split { $0 == " " }.map(String.init)
    #expect(cells.suffix(6) == ["2.0×", "−50", "%", "1.00×", "−75", "%"])
    #expect(
      outcome.out.contains(
        "array of structures: computation 0.25 ns; structure of arrays: computation"))
    #expect(outcome.out.contains("then: Over 1 predicted value the median error is 50 %"))
    #expect(outcome.out.contains("now:  Over 1 predicted value the median error is 75 %"))
  }

  /// METHODOLOGY promises 90% on a machine never met: these were, and what is left of the models'
  /// errors there is what the interval has to hold. The cores of the large Intel machine
  /// were shared.
  @Test(arguments: [
    ("amd-epyc-family-25-model-17-2-cores", 90), ("intel-xeon-family-6-model-207-2-cores", 85),
    ("amd-epyc-family-26-model-2-2-cores", 85), ("intel-xeon-family-6-model-207-16-cores", 75),
  ])
  func predictedIntervalsHoldOnTheStoredMachines(machine: String, least: Int) throws {
    let root = URL(filePath: #filePath).appending(path: "../../../Reports").standardizedFileURL
    let outcome = try Perflab.run(
      ["predict", root.appending(path: machine).path()], in: Perflab.scratch())
    #expect(outcome.code == 0, "\(outcome.err)")
    let now = try #require(outcome.out.split(separator: "\n").last { $0.hasPrefix("now:") })
    let share = try #require(now.firstMatch(of: /(\d+) % of the measured intervals meet/))
    #expect(try #require(Int(share.1)) >= least, "\(now)")
  }

  @Test func theStoredResultsStayAsTheyAre() throws {
    let folder = try box()
    let paths = ["run.json", "results/memory/aos-to-soa.json"]
    let stored = {
      try paths.map { try Data(contentsOf: folder.appending(path: "Reports/box/\($0)")) }
    }
    let before = try stored()
    _ = try Perflab.run(["predict", "Reports/box"], in: folder)
    #expect(try stored() == before)
  }

  /// The rows of its table: what stands at a working set.
  private func rows(_ outcome: Perflab.Outcome) -> [Substring] {
    outcome.out.split(separator: "\n").filter { $0.hasPrefix("memory/aos-to-soa ") }
  }

  @Test func onlyWhatIsRefutedNowIsShownWhereThatIsWanted() throws {
    let refuted = ["predict", "Reports/box", "--refuted"]
    #expect(rows(try Perflab.run(refuted, in: box())).count == 1)
    // Refuted then, and right now.
    var right = Self.withNumbers
    right.experiments[0].points[0].candidates[0].speedup = Interval(
      estimate: 1, low: 0.99, high: 1.01)
    let outcome = try Perflab.run(refuted, in: box(right))
    #expect(outcome.code == 0)
    #expect(rows(outcome).isEmpty)
    #expect(outcome.out.contains("then: Over 1 predicted value the median error is 100 %"))
  }

  @Test(arguments: [("memory/*", 1), ("cpu/*,memory/aos-to-soa", 1), ("cpu/*", 0)])
  func onlySomeExperimentsAreShownWhereTheyAreNamed(pattern: String, count: Int) throws {
    let outcome = try Perflab.run(["predict", "Reports/box", "--only", pattern], in: box())
    #expect(outcome.code == 0, "\(outcome.err)")
    #expect(rows(outcome).count == count)
    #expect(outcome.out.contains("now:  Nothing was predicted.") == (count == 0))
  }

  @Test(arguments: [[], ["--refuted"]])
  func aNumberThatTheMachineLacksIsNamed(flags: [String]) throws {
    var older = Self.withNumbers
    older.machine.numbers["add.integer.latency"] = nil
    older.experiments[0].points[1].candidates[0].name = "structure of arrays"
    let outcome = try Perflab.run(["predict", "Reports/box"] + flags, in: box(older))
    #expect(outcome.code == 0)
    // The second point was not predicted then either.
    let row = try #require(rows(outcome).first { $0.contains("16 KiB") })
    #expect(rows(outcome).count == 1)
    #expect(row.split { $0 == " " }.suffix(4) == ["2.0×", "−50", "%", "–"])
    let reason = "this machine's results have no add.integer.latency"
    #expect(outcome.out.contains("\nnot predicted now: \(reason) (2 values)\n"))
  }

  /// memory/shared-refcount counts threads; what a run stored under its id over another axis has
  /// values that its model would take for numbers of threads.
  @Test(arguments: [("threads", true), ("distance", false)])
  func valuesOfAnotherAxisAreLeftOut(axis: String, isShown: Bool) throws {
    var stored = Self.withNumbers
    var other = stored.experiments[0]
    other.id = "memory/shared-refcount"
    other.account.axis = axis
    other.account.sweepsThreads = axis == "threads" ? true : nil
    stored.experiments.append(other)
    let outcome = try Perflab.run(["predict", "Reports/box"], in: box(stored))
    #expect(outcome.code == 0, "\(outcome.err)")
    #expect(outcome.out.contains("memory/shared-refcount") == isShown)
    // An axis that only got another name means the same.
    #expect(rows(outcome).count == 1)
  }

  @Test func withoutNumbersNothingIsPredicted() throws {
    let outcome = try Perflab.run(["predict", "Reports/box"], in: box(Box.results))
    #expect(outcome.code == 0)
    #expect(outcome.out.contains("now:  Nothing was predicted."))
  }

  @Test(arguments: [
    (["nowhere"], 65, "nowhere does not exist"),
    (["Reports/box", "--only", "memory/aos"], 64, "did you mean"),
  ])
  func whatIsNotThereIsNamed(words: [String], code: Int32, reason: String) throws {
    let outcome = try Perflab.run(["predict"] + words, in: box())
    #expect(outcome.code == code)
    #expect(outcome.err.hasPrefix("perflab: ") && outcome.err.contains(reason))
  }
}
