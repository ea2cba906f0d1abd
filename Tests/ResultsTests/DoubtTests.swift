import Results
import Testing

@Suite struct DoubtTests {
  /// A point of one unresolved candidate.
  private func doubt(
    _ low: Double, _ high: Double, null: (Double, Double) = (0.99, 1.01), processes: Int = 6,
    disturbed: Bool = false, warnings: [String] = []
  ) -> Doubt? {
    var point = PointResult(
      parameter: Parameter(value: 1, label: "1"), status: .measured,
      null: Interval(estimate: 1, low: null.0, high: null.1), processes: processes,
      warnings: warnings)
    point.isDisturbed = disturbed
    let speedup = Interval(estimate: (low * high).squareRoot(), low: low, high: high)
    return point.doubt(
      of: CandidateResult(name: "c", speedup: speedup, verdict: .unresolved))
  }

  @Test("The reason is the bound that the interval does not pass")
  func reasons() {
    #expect(doubt(0.65, 1.05, null: (0.96, 1.07)) == .direction)
    #expect(doubt(0.79, 0.87, null: (0.66, 1.04)) == .noise)
    #expect(doubt(1.2, 5.5, null: (0.99, 1.30)) == .noise)
    #expect(doubt(1.01, 1.05) == .small)
    #expect(doubt(0.95, 0.99) == .small)
    #expect(doubt(1.5, 1.6, disturbed: true, warnings: ["w"]) == .disturbed)
    #expect(doubt(0.99, 1.01, disturbed: true, warnings: ["w"]) == .disturbed)
  }

  @Test("Four processes are no evidence, whatever they say")
  func processes() {
    #expect(doubt(4.8, 4.8, processes: 1) == .fewProcesses)
    #expect(doubt(3, 4, processes: 4) == .fewProcesses)
    // Of five or more, some gave no value: nothing else hides the verdict.
    #expect(doubt(21, 730) == .fewProcesses)
    #expect(doubt(21, 730, warnings: ["disturbed"]) == nil)
  }

  @Test("A verdict needs no reason")
  func judged() {
    let point = PointResult(parameter: Parameter(value: 1, label: "1"), status: .measured)
    let speedup = Interval(estimate: 2, low: 1.9, high: 2.1)
    let candidate = CandidateResult(name: "c", speedup: speedup, verdict: .faster)
    #expect(point.doubt(of: candidate) == nil)
  }
}
