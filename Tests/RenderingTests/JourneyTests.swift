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

  /// A p99 over users, in seconds before and after, with an error at the last point.
  private static var grown: ExperimentResult {
    var experiment = placed("scale/10k/architecture")
    experiment.account.axis = "users"
    experiment.account.signals = ["errors"]
    experiment.account.metric = MetricRecord(
      name: "p99 response time", unit: .nanoseconds, lowerIsBetter: true)
    let rows = [(1_000, 0.2), (2_000, 1.0), (3_000, 1.4), (10_000, 9.0)]
    experiment.points = rows.map { users, seconds in
      var point = Fixtures.point(
        users, "\(users) users", base: ("before", seconds * 1e9),
        candidates: [("middle", 2, nil), ("after", 10, nil)])
      point.variants[0].counters = ["errors": Counter(users == 3_000 ? 0.5 : 0, unit: .share)]
      return point
    }
    return experiment
  }

  @Test("Each variant has its breaking point beside the curriculum's claims, in table and chart")
  func breaking() throws {
    let points = try #require(BreakingPoints(Self.grown))
    // 1 s is not more than 1 s.
    #expect(points.first("before")?.parameter.value == 3_000)
    #expect(points.first("middle")?.parameter.value == 10_000)
    #expect(points.first("after") == nil)
    let page = try Self.page(Self.grown)
    #expect(page.contains("\n| before | between 2000 users and 3000 users | 1.40 s | 0.500 % |\n"))
    #expect(page.contains("\n| after | not up to 10000 users | "))
    #expect(page.contains("(connections), 5,000 users (single point of failure), 8,000 users ("))
    #expect(page.contains("\nErrors:\n\n| users | before | middle | after |"))
    #expect(page.contains("](../scale/hedged-requests-metric.svg)"))
    let chart = ExperimentCharts.metric(Self.grown, machine: Fixtures.results([]).machine)
    let drawing = try #require(chart.map(SVG.render))
    for claim in ["claimed: 2,000", "5,000", "8,000"] {
      #expect(drawing.contains(">\(claim)</text>"))
    }
  }

  @Test("A share of requests breaks below 99 %, and its group has a claim of its own")
  func breakingShare() throws {
    var experiment = Self.grown
    experiment.account.slot = "scale/10k/connections"
    experiment.account.metric = MetricRecord(name: "served", unit: .share, lowerIsBetter: false)
    for (index, share) in [100, 99, 98.9, 50].enumerated() {
      experiment.points[index].variants[0].estimate = share
    }
    let points = try #require(BreakingPoints(experiment))
    #expect(points.first("before")?.parameter.value == 3_000)
    #expect(points.claims.map(\.users.value) == [2_000])
    experiment.account.axis = "threads"
    #expect(BreakingPoints(experiment) == nil)
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
