import CostBenchmarks
import Harness
import Results
import Testing

/// Metered bills in which no time counts: what goes through a real cache comes to what is computed.
@Suite("Metered bills")
struct MeteredTests {
  @Test(
    "hits and fetches of real caches are those of the formulas", arguments: ["cache-size", "ttl"])
  func cachesAreAsComputed(name: String) throws {
    let experiment = try #require(costBenchmarks.first { $0.id == "cost/metered" })
    let parameter = try #require(experiment.sweep.values.first { $0.label == name })
    var point = PointResult(
      parameter: parameter, status: .pending,
      candidates: [CandidateResult(name: "after", speedup: nil, verdict: .skipped)])
    _ = experiment.predict(&point, on: .example, parts: nil)
    let outcomes = try SmokeRun.outcomes(of: experiment, at: parameter, seed: 7)
    #expect(outcomes.count == 2)
    for outcome in outcomes {
      let metered = try #require(outcome.reports["cost"]?.value)
      let computed = try #require(
        point.predictions?.first { $0.name == outcome.variant }?.total)
      #expect(abs(metered / computed - 1) < 0.1, "\(outcome.variant): \(metered), \(computed)")
    }
  }
}
