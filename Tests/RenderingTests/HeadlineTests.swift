import Results
import Testing

@testable import Rendering

/// What stands for an experiment is what it declares, and the range stands beside it.
@Suite struct HeadlineTests {
  @Test("Without a declaration, the last candidate at the middle of the sweep")
  func rule() {
    let headline = Fixtures.aosToSoa.headline
    #expect(headline?.point.parameter.label == "4 MiB")
    #expect(Fixtures.allocators.headline?.candidate.name == "mimalloc")
    #expect(HeadlineText.range(Fixtures.aosToSoa) == "1.01× – 12×")
    #expect(HeadlineText.range(Fixtures.residentMemory) == nil)
  }

  @Test("The declared point and variant stand for the experiment, whatever has the larger effect")
  func declared() {
    let experiment = Fixtures.byteScan
    #expect(
      HeadlineText.line(Outcome(experiment))
        == "faster 8.40× (8.37–8.43) at 1 MiB; 8.4× – 12× over the sweep")
    #expect(Answer.plain(experiment).contains("“masks” is faster than “byte by byte”"))
    #expect(!Answer.plain(experiment).contains("declared"))
    #expect(DiagramBlock.render(experiment).contains("B[8.4×]"))
  }

  @Test("Where the declared point was not measured, the nearest stands in and the answer says so")
  func fallback() {
    var experiment = Fixtures.byteScan
    experiment.points[1].status = .skipped
    experiment.points[1].candidates = []
    #expect(experiment.headline?.point.parameter.label == "16 KiB")
    #expect(
      Answer.plain(experiment).hasSuffix(
        " The declared headline, masks at 1 MiB, has no result here."))
    let index = IndexPage.render(Fixtures.results([experiment]))
    #expect(index.contains("masks, 16 KiB (not the declared headline)"))
  }

  @Test("The lone process of an interrupted run has no interval, and the answer says so")
  func loneProcess() {
    var experiment = Fixtures.byteScan
    experiment.points[1].processes = 1
    experiment.points[1].candidates[0].verdict = .unresolved
    experiment.points[1].candidates[0].speedup = Interval(estimate: 8.4, low: 8.4, high: 8.4)
    let answer = Answer.plain(experiment)
    #expect(answer.contains("is unresolved: 8.4× at 1 MiB"))
    #expect(answer.contains("Fewer than five processes gave a value: too few for a verdict."))
  }

  @Test("Where the declared variant was not measured, the candidate before it stands in")
  func variantBefore() {
    var experiment = Fixtures.allocators
    let names = experiment.points[0].candidates.map(\.name)
    experiment.account.headline = DeclaredHeadline(
      value: experiment.points[0].parameter.value, variant: names[1])
    #expect(experiment.headline?.candidate.name == names[1])
    experiment.points[0].candidates[1].speedup = nil
    #expect(experiment.headline?.candidate.name == names[0])
  }

  @Test("A declared value outside the points that are shown is not missed")
  func narrowed() {
    var experiment = Fixtures.byteScan
    experiment.points.remove(at: 1)
    #expect(!Answer.plain(experiment).contains("declared"))
  }

  @Test("A reference is marked, and is neither a headline nor counted")
  func references() {
    var experiment = Fixtures.byteScan
    experiment.account.headline = DeclaredHeadline(value: 1 << 20, variant: "memory read")
    #expect(experiment.headline?.candidate.name == "masks")
    #expect(
      Answer.plain(experiment).contains(
        "At the same point: “memory read” 12.60× (12.55–12.65) (reference)."))
    #expect(PointTable.render(experiment).contains("| memory read (reference) |"))
    let results = Fixtures.results([experiment])
    #expect(PredictionSummary(results).count == 3)
    #expect(PredictionText.render(experiment).hasPrefix("**Model refuted** at 1 of 3 points:"))
    #expect(RefutedTable.render(results).contains("| 1 of 3 |"))
    let machine = Fixtures.machine
    let labels = ExperimentCharts.speedup(experiment, machine: machine).map(TextBoxes.labels)
    #expect(labels?.contains { $0.text == "memory read (reference)" } == true)
  }

  @Test("The range stands beside the headline in the index, the terminal and a marked place")
  func ranges() throws {
    let experiment = Fixtures.byteScan
    let results = Fixtures.results([experiment])
    let range = "8.4× – 12×"
    #expect(IndexPage.render(results).contains("| \(range) |"))
    #expect(
      ResultTable.experiments([experiment], width: .max, colour: false).contains(range))
    let request = try NotesRequest("cpu/byte-scan speedup", line: 1)
    let text = try NotesBlock.render(
      request, line: 1, experiment: experiment, of: results, with: PageInputs(), link: { $0 })
    #expect(text == "8.40× (8.37–8.43), \(range) over the sweep")
    let one = try NotesRequest("cpu/byte-scan speedup point=\"1 MiB\"", line: 1)
    let alone = try NotesBlock.render(
      one, line: 1, experiment: experiment, of: results, with: PageInputs(), link: { $0 })
    #expect(alone == "8.40× (8.37–8.43)")
  }
}
