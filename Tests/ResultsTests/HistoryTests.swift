import Results
import Testing

@Suite struct HistoryTests {
  private func run(_ day: Int, speedup: Double = 4, kernel: String = "6.1.0") -> Results {
    var results = Runs.results(
      "2026-01-0\(day)T00:00:00Z",
      [Runs.experiment("a/b", [Runs.point(1, speedup: 2), Runs.point(2, speedup: speedup)])])
    results.machine.kernel = kernel
    return results
  }

  @Test("An entry holds what its run measured itself, without prose and counters")
  func entry() throws {
    var results = run(1)
    var older = Runs.experiment("a/c", [Runs.point(1, speedup: 2)])
    older.run = Runs.run("2025-01-01T00:00:00Z")
    results.experiments.append(older)
    results.experiments[0].points[0].variants[0].counters = ["cycles": Counter(1, unit: .count)]
    let entry = try #require(results.historyEntry)
    #expect(entry.experiments.map(\.id) == ["a/b"])
    #expect(entry.experiments[0].account.claim.isEmpty)
    #expect(entry.experiments[0].account.axis == "size")
    #expect(entry.experiments[0].points[0].variants[0].counters.isEmpty)
    #expect(
      entry.experiments[0].points[0].candidates == results.experiments[0].points[0].candidates)
  }

  @Test("A run that measured nothing leaves no entry")
  func nothing() {
    var results = run(1)
    results.run.started = "2026-01-09T00:00:00Z"
    #expect(results.historyEntry == nil)
  }

  @Test("A trend follows the headline from the oldest run on and names what changed")
  func trend() throws {
    let runs = [run(3, kernel: "7.0"), run(1), run(2, speedup: 5)]
    let trend = try #require(Trend(runs[0].experiments[0], history: runs))
    #expect(trend.point.parameter.value == 2)
    #expect(trend.steps.map { $0.candidate.speedup?.estimate } == [4, 5, 4])
    #expect(trend.steps.map(\.changes) == [[], [], ["kernel"]])
  }

  @Test("Runs over another axis do not continue a trend")
  func axes() {
    let runs = [run(1), run(2), run(3)]
    var now = runs[2].experiments[0]
    now.account.axis = "threads"
    now.account.sweepsThreads = true
    #expect(Trend(now, history: runs) == nil)
  }

  @Test("Two runs make no trend, and more than thirty are cut at the old end")
  func lengths() throws {
    #expect(Trend(run(1).experiments[0], history: [run(1), run(2)]) == nil)
    let many = (10..<50).map { second in
      Runs.results(
        "2026-01-01T00:00:\(second)Z", [Runs.experiment("a/b", [Runs.point(1, speedup: 2)])])
    }
    let trend = try #require(Trend(many[0].experiments[0], history: many))
    #expect(trend.steps.count == Trend.mostRuns)
    #expect(trend.steps.last?.run.started == "2026-01-01T00:00:49Z")
  }
}
