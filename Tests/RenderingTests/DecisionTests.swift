import Results
import Testing

@testable import Rendering

/// The break-even, what decides, and the rule of thumb of a computed experiment.
@Suite struct DecisionTests {
  @Test("The break-even is the first sentence, with its interval and the draws without one")
  func finding() {
    let answer = Answer.plain(Fixtures.functions)
    #expect(
      answer.hasPrefix(
        "“functions” costs less than “servers” below about 90 requests/s; its interval (95 %) "
          + "runs from 47 to beyond the sweep. It does so everywhere in the sweep in 31 % of the draws."
      ))
  }

  @Test("An answer that does not turn says so")
  func noTurn() {
    var experiment = Fixtures.functions
    experiment.decision?.breakEven = BreakEven(
      value: nil, low: nil, high: nil, isBetterAbove: true, always: 0, never: 1)
    #expect(
      Answer.plain(experiment).hasPrefix(
        "“functions” does not cost less than “servers” anywhere in the sweep: its answer does not turn here."
      ))
  }

  @Test("An answer that turns often is not given as a range")
  func oftenTurned() {
    var experiment = Fixtures.functions
    func place(_ value: Double) -> BreakEven.Place {
      BreakEven.Place(value: value, label: "\(Int(value)) services")
    }
    experiment.decision?.breakEven = BreakEven(
      value: place(6), until: place(8), turns: 5, low: place(5), high: place(7),
      isBetterAbove: true, always: 0, never: 0)
    #expect(
      Answer.plain(experiment).hasPrefix(
        "“functions” costs less than “servers” first above about 6 services; then the answer turns "
          + "4 times more. The first turn (95 %) runs from 5 services to 7 services."))
  }

  @Test("A break-even that no input moves has no interval")
  func exact() {
    var experiment = Fixtures.functions
    let place = BreakEven.Place(value: 4, label: "4 KiB")
    experiment.decision?.breakEven = BreakEven(
      value: place, low: place, high: place, isBetterAbove: true, always: 0, never: 0)
    #expect(
      Answer.plain(experiment).hasPrefix(
        "“functions” costs less than “servers” above about 4 KiB; its interval is a point: no "
          + "uncertain input moves it."))
  }

  @Test("Without a break-even the values of the sweep say where the answer turns")
  func alongTheSweep() {
    var experiment = Fixtures.functions
    experiment.decision?.breakEven = nil
    experiment.decision?.deciders[0].turn = 3
    for index in experiment.points.indices {
      let ratio = index == 0 ? 2.0 : 0.5
      experiment.points[index].candidates[0].speedup = Interval(
        estimate: ratio, low: ratio, high: ratio)
    }
    let section = DecisionSection.render(experiment) { $0 }
    #expect(section.contains("The answer turns where “"))
    #expect(section.contains(" Along the sweep it turns between "))
    #expect(!section.contains("break-even"))
  }

  @Test("A rule of thumb is compared with the interval")
  func rule() throws {
    var experiment = Fixtures.functions
    #expect(try #require(DecisionText.rule(experiment)).hasSuffix("in the interval computed here."))
    experiment.account.rule?.breakEven = 9
    #expect(
      try #require(DecisionText.rule(experiment)).hasSuffix(
        "**Here it is refuted**: the break-even is 10× higher than it says."))
    experiment.account.rule = nil
    #expect(DecisionText.rule(experiment) == nil)
  }

  @Test("The bill lists decisions by what they save")
  func bill() throws {
    let page = try #require(BillPage.render(Fixtures.results(Fixtures.modelled)))
    #expect(page.contains("# The bill: 1 decisions") == false)
    #expect(page.contains("[Functions or servers](functions-or-servers.md)"))
    #expect(BillPage.render(Fixtures.results([Fixtures.aosToSoa])) == nil)
  }
}
