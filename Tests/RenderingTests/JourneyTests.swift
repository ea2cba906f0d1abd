import Results
import Testing

@testable import Rendering

@Suite struct JourneyTests {
  private static func placed(_ slot: String) -> ExperimentResult {
    var experiment = Fixtures.hedged
    experiment.account.slot = slot
    return experiment
  }

  @Test("A stage shows each group once, with its experiments and their values")
  func stage() throws {
    let results = Fixtures.results([Self.placed("scale/10k/degradation")])
    let page = try #require(JourneyPage(JourneyPage.stages[0], results)).render()
    #expect(page.hasPrefix("# From 1,000 to 10,000 users\n\nOne change, simulated. "))
    #expect(page.contains("subgraph g0[\"degradation, claimed to break at 8,000 users\"]"))
    #expect(page.contains("### degradation\n\n| change |"))
    #expect(page.contains("\n| [\(Fixtures.hedged.title)]"))
    #expect(FlowchartReader.read(page.mermaid) != nil)
  }

  @Test("A stage without results has no page")
  func nothing() {
    let results = Fixtures.results([Self.placed("scale/1m/caching")])
    #expect(JourneyPage(JourneyPage.stages[0], results) == nil)
    #expect(JourneyPage(JourneyPage.stages[2], results) != nil)
  }

  @Test("What was tried with several numbers of users stands there with all of them")
  func users() throws {
    var experiment = Self.placed("scale/10k/architecture")
    let page = try Self.page(experiment)
    #expect(!page.contains("## Over users"))
    experiment.account.axis = "users"
    let over = try Self.page(experiment)
    #expect(over.contains("## Over users\n\n### [\(experiment.title)]"))
    for point in experiment.points { #expect(over.contains("\n| \(point.parameter.label) |")) }
  }

  private static func page(_ experiment: ExperimentResult) throws -> String {
    try #require(JourneyPage(JourneyPage.stages[0], Fixtures.results([experiment]))).render()
  }

  @Test("The index links to the stages there are")
  func links() {
    let results = Fixtures.results([Self.placed("scale/1m/caching")])
    let index = IndexPage.render(results)
    #expect(index.contains("[from 100,000 to 1,000,000 users](scale/1m.md)"))
    #expect(!index.contains("scale/10k.md"))
  }
}

extension String {
  /// What stands between the fences of the first diagram.
  fileprivate var mermaid: String {
    guard let start = firstRange(of: "```mermaid\n"),
      let end = self[start.upperBound...].firstRange(of: "```")
    else { return "" }
    return String(self[start.upperBound..<end.lowerBound])
  }
}
