import Results
import Statistics
import Testing

@Suite struct GateTests {
  private func comparison(_ speedup: Double, by ratio: Double = 1.01) -> Comparison {
    Runs.compare(
      [Runs.experiment("a/b", [Runs.point(1, speedup: 4, by: ratio)])],
      [Runs.experiment("a/b", [Runs.point(1, speedup: speedup, by: ratio)])])
  }

  private func again(_ speedup: Double) -> [ExperimentResult] {
    [Runs.experiment("a/b", [Runs.point(1, speedup: speedup)])]
  }

  private let left = Runs.results(
    "2026-01-01T00:00:00Z", [Runs.experiment("a/b", [Runs.point(1, speedup: 4)])])

  @Test("A gate closes where the whole interval lies beyond it, and never at a rise")
  func closes() {
    #expect(Gate(comparison(3), share: 0.05).isClosed)
    #expect(!Gate(comparison(3.85), share: 0.05).isClosed)
    #expect(Gate(comparison(3.85), share: 0.02).isClosed)
    #expect(!Gate(comparison(5), share: 0.05).isClosed)
    #expect(!Gate(comparison(3, by: 1.3), share: 0.05).isClosed)
  }

  @Test("A second measurement confirms what falls again, and opens the gate where it does not")
  func confirms() {
    var gate = Gate(comparison(3), share: 0.05)
    gate.confirm(again(3.1), against: left) { _ in "" }
    #expect(gate.isClosed)
    gate.confirm(again(3.98), against: left) { _ in "" }
    #expect(!gate.isClosed)
    #expect(gate.fallen.count == 1)
  }

  @Test("What could not be measured again is not refuted")
  func failing() {
    var gate = Gate(comparison(3), share: 0.05)
    gate.confirm([], against: left) { _ in "it crashed" }
    #expect(gate.isClosed)
    #expect(gate.fallen[0].second == .failed(reason: "it crashed"))
  }

  @Test("Times that rise together are told and not judged")
  func together() {
    var slower = Runs.point(1, speedup: 4)
    for index in slower.variants.indices { slower.variants[index].estimate *= 1.2 }
    let comparison = Runs.compare(
      [Runs.experiment("a/b", [Runs.point(1, speedup: 4)])], [Runs.experiment("a/b", [slower])])
    let gate = Gate(comparison, share: 0.05)
    #expect(!gate.isClosed)
    #expect(gate.slowerTogether == ["a/b"])
  }

  @Test("Objects that rose close the gate, what varies is shown, and a peer is passed over")
  func counts() {
    func counted(_ counts: [String: Double]) -> ExperimentResult {
      var point = Runs.point(1, speedup: 4)
      point.variants[1].counters = counts.mapValues { Counter($0, unit: .count) }
      return Runs.experiment("a/b", [point])
    }
    let before = counted(["retains per call": 1, "minor faults": 2, "releases per call": 1.02])
    let after = counted(["retains per call": 2, "minor faults": 9, "releases per call": 1.03])
    let gate = Gate(Runs.compare([before], [after]), share: 0.05)
    #expect(gate.risen.map(\.name) == ["minor faults", "retains per call"])
    #expect(gate.risen.map(\.isJudged) == [false, true])
    #expect(gate.isClosed && gate.fallen.isEmpty)
    #expect(!Gate(Runs.compare([after], [before]), share: 0.05).isClosed)
    var peer = after
    peer.account.yardsticks = [Yardstick(variant: "after", kind: .peer)]
    var first = before
    first.account.yardsticks = peer.account.yardsticks
    #expect(Gate(Runs.compare([first], [peer]), share: 0.05).risen.isEmpty)
    let other = Runs.results("2026-01-02T00:00:00Z", [after])
    var compiled = other
    compiled.experiments[0].run?.flags.compiler = "swift-7"
    let sides = [Runs.results("2026-01-01T00:00:00Z", [before]), compiled]
    let mixed = Comparison(
      sides.map { Comparison.Side(name: "", results: $0) }, numberProcesses: 6)
    #expect(!Gate(mixed, share: 0.05).isClosed)
  }

  @Test("Predictions explain a difference, have its direction or the opposite one, or predict none")
  func predictions() {
    func agreement(_ predicted: (Double?, Double?), _ speedup: Double = 3)
      -> ComparedCandidate.Agreement?
    {
      Runs.compare(
        Runs.point(1, speedup: 4, predicted: predicted.0),
        Runs.point(1, speedup: speedup, predicted: predicted.1)
      ).agreement
    }
    #expect(agreement((8, 6)) == .explained)
    #expect(agreement((8, 2)) == .partly)
    #expect(agreement((6, 8)) == .contrary)
    #expect(agreement((8, 8.1)) == .notPredicted)
    #expect(agreement((nil, 8)) == .withoutPrediction)
    #expect(agreement((8, 6), 4) == nil)
  }

  @Test("Of runs that do not differ, fewer than one in twenty shows any difference")
  func families() {
    var generator = SeededGenerator(seed: 20_260_105)
    func measured(_ value: Int) -> PointResult {
      var medians = (0..<9).map { _ in 0.01 * generator.normal() }
      medians.sort()
      let pair = OrderStatisticInterval.pair(count: 9, level: 0.95)
      var point = Runs.point(value, speedup: 1, null: 1.000_001)
      point.candidates[0].speedup = Interval(
        estimate: exponential(medians[4]), low: exponential(medians[pair.rank - 1]),
        high: exponential(medians[9 - pair.rank]))
      return point
    }
    let families = 200
    let wrong = (0..<families).count { _ in
      let points = (1...50).map(measured)
      let others = (1...50).map(measured)
      let candidates = Runs.compare(
        [Runs.experiment("a/b", points)], [Runs.experiment("a/b", others)]
      ).pairs[0].candidates
      return candidates.contains { $0.ratio.map { !$0.contains(1) } ?? false }
    }
    #expect(wrong <= families / 20, "\(wrong) of \(families)")
  }
}
