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
    #expect(outcome.out.contains("A record costs the longer of one addition"))
    #expect(outcome.out.contains("then: Over 1 predicted value the median error is 50 %"))
    #expect(outcome.out.contains("now:  Over 1 predicted value the median error is 75 %"))
  }

  @Test func theStoredResultsStayAsTheyAre() throws {
    let folder = try box()
    let path = folder.appending(path: "Reports/box/results.json")
    let before = try Data(contentsOf: path)
    _ = try Perflab.run(["predict", "Reports/box"], in: folder)
    #expect(try Data(contentsOf: path) == before)
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
