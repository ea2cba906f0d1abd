import Results
import Testing

@testable import Rendering

/// A page says a thing once, and leaves out what says nothing.
@Suite struct RepetitionTests {
  private func missing(_ experiment: ExperimentResult) -> MissingCounters {
    MissingCounters(Fixtures.results([experiment]))
  }

  @Test("Points that were skipped for one reason share a line and have no rows")
  func skipped() {
    var experiment = Fixtures.falseSharing
    for threads in [16, 32] {
      experiment.points.append(
        PointResult(
          parameter: Parameter(value: threads, label: "\(threads)"), status: .skipped,
          reason: "needs \(threads) cores, may use 2"))
    }
    let table = PointTable.render(experiment)
    #expect(
      table.hasSuffix("\n\n- 16 threads, 32 threads: skipped, needs 16 and 32 cores, may use 2.\n"))
    #expect(!table.contains("| 16 |"))
  }

  @Test("What failed is quoted as it was, each by itself")
  func failed() {
    var experiment = Fixtures.falseSharing
    for threads in [16, 32, 64] {
      experiment.points.append(
        PointResult(
          parameter: Parameter(value: threads, label: "\(threads)"), status: .failed,
          reason: "killed by signal \(threads == 64 ? 11 : 9)"))
    }
    let absences = Absence.all(in: experiment)
    #expect(absences.map(\.place) == ["16 threads, 32 threads", "64 threads"])
    #expect(
      absences.map(\.reason) == ["failed, killed by signal 9", "failed, killed by signal 11"])
  }

  @Test("A point that was predicted and not measured keeps its row")
  func pending() {
    var experiment = Fixtures.aosToSoa
    experiment.points[4].status = .pending
    experiment.points[4].candidates = [
      CandidateResult(
        name: "struct of arrays", speedup: nil,
        predicted: PredictedSpeedup(speedup: 16, because: "lines"), verdict: .skipped)
    ]
    #expect(PointTable.render(experiment).contains("| 512 MiB | – | – | – | skipped | 16× | – |"))
  }

  @Test("Counters that are not there take one line, and their reason stands on the index")
  func counters() throws {
    let experiment = Fixtures.aosToSoa
    let text = SignalTable.render(experiment, missing: missing(experiment))
    #expect(text.contains("**cache-misses**"))
    #expect(text.hasSuffix("|\n\nNot counted here: cycles.\n"))
    #expect(!text.contains("ENOENT"))
    let index = IndexPage.render(Fixtures.results([experiment]))
    #expect(index.contains("\nNot counted: cycles: perf_event_open: ENOENT, no such event.\n"))
  }

  @Test("A counter that the machine counts elsewhere says why it is not there")
  func countedElsewhere() {
    var other = Fixtures.falseSharing
    other.points[0].variants[0].counters["cycles"] = Counter(1, unit: .count)
    let results = Fixtures.results([Fixtures.aosToSoa, other])
    let text = SignalTable.render(Fixtures.aosToSoa, missing: MissingCounters(results))
    #expect(
      text.hasSuffix("\nNot counted here: cycles (perf_event_open: ENOENT, no such event).\n"))
    #expect(MissingCounters(results).sentences.isEmpty)
  }

  @Test("A processor without cycles and instructions has no hardware counters")
  func none() {
    var experiment = Fixtures.aosToSoa
    for name in ["instructions", "branch misses"] {
      experiment.points[3].variants[0].counters[name] = Counter(
        unavailable: "perf_event_open: ENOENT, no such event")
    }
    #expect(
      missing(experiment).sentences
        == "No hardware counters: perf_event_open: ENOENT, no such event.\n")
  }

  @Test("Counters that no one asked for are shown from a hundredth on")
  func negligible() {
    var experiment = Fixtures.aosToSoa
    for index in experiment.points[2].variants.indices {
      experiment.points[2].variants[index].counters.merge([
        "cpu time": Counter(1000, unit: .nanoseconds),
        "run delay": Counter(9, unit: .nanoseconds), "user time": Counter(10, unit: .nanoseconds),
        "faults": Counter(0.009, unit: .count), "switches": Counter(0.01, unit: .count),
      ]) { $1 }
    }
    let text = SignalTable.render(experiment, missing: missing(experiment))
    #expect(text.contains("| user time |") && text.contains("| switches |"))
    for name in ["cpu time", "run delay", "faults"] { #expect(!text.contains("| \(name) |")) }
  }

  @Test("Equal reasoning stands once, with the variants and points that share it")
  func reasons() {
    var experiment = Fixtures.falseSharing
    for index in experiment.points.indices {
      for candidate in experiment.points[index].candidates.indices {
        experiment.points[index].candidates[candidate].predicted?.because =
          index == 2 && candidate == 1 ? "pairs of lines" : index == 0 ? "one line" : "the bus"
      }
    }
    let text = PredictionText.render(experiment)
    #expect(
      text.hasSuffix(
        """


        - 2 threads: one line.
        - 4 threads; 8 threads, 64 bytes apart: the bus.
        - 8 threads, 128 bytes apart: pairs of lines.

        """))
  }

  @Test("Refuted models are sorted by their largest error")
  func refuted() {
    let text = RefutedTable.render(Fixtures.results())
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| [") }
    #expect(
      rows.map { $0.dropFirst(3).prefix { $0 != "]" } } == [
        "cpu/search-layouts", "memory/false-sharing", "memory/aos-to-soa",
      ])
    #expect(rows.allSatisfy { $0.split(separator: "|").count == 6 })
  }

  @Test("A warning of several points stands once")
  func warnings() {
    var experiment = Fixtures.aosToSoa
    experiment.points[0].warnings = experiment.points[3].warnings
    let text = MethodText.render(experiment, latest: Fixtures.run, index: "x")
    #expect(
      text.hasSuffix(
        "\n\nWarnings:\n\n- 16 KiB, 64 MiB: more than a tenth of the blocks was dropped.\n"))
  }

  @Test("A drawing of what was not measured has no places for values")
  func drawing() {
    var experiment = Fixtures.aosToSoa
    experiment.account.diagram =
      "a[\"rows: {struct of arrays}<br>jobs: {point} a core\"] -- \"{speedup} at {point}\" --> b{x}"
    experiment.points = []
    experiment.status = .skipped
    #expect(
      DiagramBlock.render(experiment)
        == "```mermaid\na[\"rows<br>jobs a core\"] -- \"not measured\" --> b{x}\n```\n")
  }
}
