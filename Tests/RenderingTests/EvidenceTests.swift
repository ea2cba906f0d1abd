import Results
import Testing

@testable import Rendering

/// A page says how its figures are known, and explains them accordingly.
@Suite struct EvidenceTests {
  private func page(_ experiment: ExperimentResult) -> String {
    ExperimentPage.render(experiment, of: Fixtures.results([experiment]))
  }

  @Test("The line under the title says how the results are known; those of schema 1 were measured")
  func line() {
    #expect(page(Fixtures.aosToSoa).contains("struct of arrays\n\n*Measured: "))
    #expect(page(Fixtures.hedged).contains("# Hedged requests\n\n*Simulated: "))
    #expect(page(Fixtures.functions).contains("# Functions or servers\n\n*Computed: "))
    #expect(!page(Fixtures.numa).contains("*Measured: "))
  }

  @Test("A simulated page speaks of replications and has no counters")
  func simulated() {
    let page = page(Fixtures.hedged)
    #expect(page.contains("## How it was simulated\n"))
    #expect(page.contains("| load | replications | stopped |"))
    #expect(page.contains("common random numbers"))
    #expect(page.contains("## Predicted and simulated\n"))
    #expect(page.contains("| load | variant | predicted | simulated | error |"))
    #expect(page.contains("\nOther figures at 60 %:\n"))
    #expect(page.contains("| copies per request | 1 | 1.05 | 1.06 |"))
    for word in ["per call", "Not counted", "blocks kept", "timed samples"] {
      #expect(!page.contains(word))
    }
  }

  @Test("Computed results of two runs are not compared")
  func comparison() throws {
    var sides = ["one", "two"].map {
      Comparison.Side(name: $0, results: Fixtures.results([Fixtures.functions]))
    }
    sides[1].results.run.started = "2027-01-01T00:00:00Z"
    sides[1].results.experiments[0].run = sides[1].results.run
    let pair = Comparison(sides, numberProcesses: 9).pairs[0]
    #expect(!pair.candidates.isEmpty)
    #expect(pair.candidates.allSatisfy { ComparisonText.ratio($0) == "computed" })
  }

  @Test("A history keeps percentiles, and not all that was observed")
  func history() throws {
    var results = Fixtures.results([Fixtures.poll])
    results.experiments[0].run = results.run
    #expect(results.experiments[0].points.flatMap(\.variants).contains { $0.distribution != nil })
    let kept = try #require(results.historyEntry).experiments[0].points.flatMap(\.variants)
    #expect(!kept.isEmpty && kept.allSatisfy { $0.distribution == nil && $0.estimate > 0 })
  }

  @Test("A computed page speaks of draws and lists its inputs")
  func computed() {
    let page = page(Fixtures.functions)
    #expect(page.contains("| requests/s | draws | stopped |"))
    #expect(page.contains("| 80 | 10,000 | precise enough |"))
    #expect(page.contains("| CPU a request | 8.00 ms | 5.30 ms – 12.1 ms | measured: \\`shop"))
    #expect(page.contains("| price of a server | \\$0.072/h | exact | list price |"))
  }

  @Test("An input that differs between the points names them")
  func inputs() {
    var experiment = Fixtures.functions
    experiment.points[0].inputs?[2].source = "a guess"
    let table = InputTable.render(experiment)
    #expect(table.contains("| waiting, requests/s = 1 |"))
    #expect(table.contains("| CPU a request |"))
  }

  @Test("The index counts the kinds apart and has a column for them only where they differ")
  func index() {
    let mixed = IndexPage.render(Fixtures.results(Fixtures.modelled))
    #expect(mixed.contains("4 experiments: 2 measured, 1 simulated, 1 computed. "))
    #expect(mixed.contains("| error | evidence |"))
    #expect(!IndexPage.render(Fixtures.results()).contains("evidence"))
  }

  @Test("A line of an experiment that was not measured says so")
  func headline() {
    #expect(
      HeadlineText.line(Outcome(Fixtures.functions))?.hasPrefix("computed: unresolved ") == true)
  }

  @Test("A percentile is shown only where ten observations lie beyond it")
  func percentiles() {
    let table = PercentileTable.render(Fixtures.poll)
    #expect(table.contains("| variant | p50 | p90 | p99 | p99.9 | observations |"))
    #expect(table.contains("| wait in the kernel | 6.00 µs | 8.40 µs | 36.0 µs |"))
    #expect(table.contains("| poll | 500 ns | 700 ns | 3.00 µs | – |"))
    #expect(table.contains("; p99.9 needs 10,000 observations"))
    #expect(PercentileTable.render(Fixtures.aosToSoa).isEmpty)
  }

  @Test("A percentile that no variant has observations for has no column")
  func fewObservations() {
    var experiment = Fixtures.poll
    for index in experiment.points[0].variants.indices {
      experiment.points[0].variants[index].distribution = Distribution([(5, 90), (9, 10)])
    }
    let table = PercentileTable.render(experiment)
    #expect(table.contains("| variant | p50 | p90 | observations |"))
    #expect(table.contains("; p99 needs 1,000 observations"))
  }

  @Test("Schema 1 has nothing of all this")
  func schema1() {
    let page = page(Fixtures.falseSharing)
    #expect(page.contains("## How it was measured\n"))
    for word in ["Besides", "Percentiles", "reference", "computed from", "The model at"] {
      #expect(!page.contains(word))
    }
  }
}
