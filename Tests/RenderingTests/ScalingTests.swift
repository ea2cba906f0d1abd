import Results
import Testing

@testable import Rendering

@Suite("Speedup and efficiency over threads")
struct ScalingTests {
  @Test("stand in a table of their own where the axis counts threads")
  func table() {
    let expected = """
      Speedup of each variant over its own throughput at threads = 1, and efficiency: that speedup \
      divided by the growth in threads.

      | threads | one line | a line each |
      | :-- | --: | --: |
      | 2 | 0.500× (0.490–0.511)<br>25 % | 2.00× (1.96–2.04)<br>100 % |
      | 3 | 0.300× (0.294–0.306)<br>10 % | 2.70× (2.64–2.76)<br>90 % |

      """
    #expect(ScalingTable.render(counters) == expected)
    let page = ExperimentPage.render(counters, of: Fixtures.results([counters]))
    #expect(page.contains(expected))
  }

  @Test("are drawn beside the ideal, which grows as the threads do")
  func chart() throws {
    let drawing = SVG.render(try #require(ScalingChart.drawing(counters)))
    #expect(drawing.contains(">ideal<") && drawing.contains("a line each at 2: 2.00×"))
    let page = ExperimentPage.render(counters, of: Fixtures.results([counters]))
    #expect(page.contains("(counters-scaling.svg)"))
    var two = counters
    two.points.removeLast()
    #expect(ScalingChart.drawing(two) == nil)
    #expect(!ExperimentPage.render(two, of: Fixtures.results([two])).contains("-scaling.svg"))
  }

  @Test("are left out where there is one value, or the axis is of something else")
  func nothing() {
    var one = counters
    one.points = [one.points[0]]
    #expect(ScalingTable.render(one) == "")
    var sizes = counters
    sizes.account.sweepsThreads = nil
    #expect(ScalingTable.render(sizes) == "")
    #expect(ScalingTable.render(Fixtures.falseSharing) == "")
  }

  @Test("are not told of references, which use one thread")
  func references() {
    var experiment = counters
    experiment.account.references = ["a line each"]
    #expect(experiment.scaling.map(\.variant) == ["one line"])
  }

  @Test("begin at the first value that was measured")
  func laterStart() throws {
    var experiment = counters
    experiment.points.removeFirst()
    let step = try #require(experiment.scaling.last?.steps.first)
    #expect(abs(step.speedup.estimate - 1.35) < 1e-9)
    #expect(abs(step.efficiency - 0.9) < 1e-9)
  }

  /// Increments of three threads at most: of a thread in 10 ns where each has a line of its own.
  private var counters: ExperimentResult {
    let rows: [(threads: Int, shared: Double, apart: Double)] = [
      (1, 10, 10), (2, 40, 10), (3, 100, 100.0 / 9),
    ]
    let points = rows.map { threads, shared, apart in
      Fixtures.point(
        threads, "\(threads)", base: ("one line", 1_000 * shared),
        candidates: [("a line each", shared / apart, nil)], noise: 0.03,
        work: Work(elements: Double(1_000 * threads), each: "increment"))
    }
    var account = Fixtures.account(axis: "threads", diagram: "graph LR\n  A --> B", sources: [])
    account.sweepsThreads = true
    return ExperimentResult(
      id: "memory/counters", title: "Counters", status: .measured, reason: nil, account: account,
      points: points)
  }
}
