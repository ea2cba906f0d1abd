import Results
import Testing

@testable import Rendering

@Suite struct StranglerTests {
  private static func phase(_ id: String) -> ExperimentResult {
    var experiment = Fixtures.hedged
    experiment.id = id
    for point in experiment.points.indices {
      for variant in experiment.points[point].variants.indices {
        experiment.points[point].variants[variant].counters = [
          "requests to the monolith": Counter(40, unit: .share),
          "requests to the sessions": Counter(60, unit: .share),
          "requests to the orders": Counter(0, unit: .share),
          "failed requests": Counter(0, unit: .count),
          "response (p95)": Counter(2_000_000, unit: .nanoseconds),
        ]
      }
    }
    return experiment
  }

  @Test("Each phase that was measured has a diagram with its shares")
  func diagrams() throws {
    let results = Fixtures.results([Self.phase("migration/edge-service")])
    let page = try #require(StranglerPage(results)).render()
    #expect(page.contains("## Phase 2: sessions move out"))
    #expect(page.contains("f -- \"60.0\u{A0}%\" --> s1"))
    #expect(!page.contains("\"orders\"]"))
    #expect(!page.contains("Phase 1"))
    let start = try #require(page.firstRange(of: "```mermaid\n"))
    let end = try #require(page[start.upperBound...].firstRange(of: "```"))
    #expect(FlowchartReader.read(String(page[start.upperBound..<end.lowerBound])) != nil)
  }

  @Test("Without a phase there is no page, with one the index links to it")
  func links() {
    #expect(StranglerPage(Fixtures.results([Fixtures.hedged])) == nil)
    let index = IndexPage.render(Fixtures.results([Self.phase("migration/proxy-tax")]))
    #expect(index.contains("[the strangler fig](migration/strangler.md)"))
  }
}
