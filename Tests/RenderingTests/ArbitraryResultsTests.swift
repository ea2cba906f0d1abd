import Results
import Testing

@testable import Rendering

/// Results that no one thought of: whatever a run gives, its pages can be drawn.
@Suite struct ArbitraryResultsTests {
  /// A linear congruential generator (Knuth, MMIX), so that a failure can be seen again.
  private struct Dice {
    var state: UInt64

    mutating func roll(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }

    mutating func pick<T>(_ values: [T]) -> T { values[roll(values.count)] }

    /// Over many orders of magnitude, sometimes zero.
    mutating func value() -> Double {
      roll(12) == 0 ? 0 : Double(1 + roll(999)) * power10(roll(13) - 4)
    }

    mutating func interval(_ estimate: Double) -> Interval {
      let low = roll(8) == 0 ? 0 : estimate * (1 - Double(roll(90)) / 100)
      return Interval(estimate: estimate, low: low, high: estimate * (1 + Double(roll(300)) / 100))
    }
  }

  private func experiment(_ dice: inout Dice) -> ExperimentResult {
    let names = ["before", "a|b", "Ünïcödé <x>", "a very long name of a variant, `quoted`", "e"]
    let variants = Array(names.prefix(2 + dice.roll(4)))
    let numeric = dice.roll(3) > 0
    let metric = dice.pick([
      MetricRecord.time,
      MetricRecord(name: "resident & <rest>", unit: .bytes, lowerIsBetter: true),
      MetricRecord(name: "rate", unit: .operationsPerSecond, lowerIsBetter: false),
    ])
    var account = Fixtures.account(
      axis: dice.pick(["working set", "threads", "x"]), metric: metric)
    account.numericAxis = numeric
    account.signals = ["cycles", "misses"]
    let points = (0..<1 + dice.roll(9)).map { index in
      point(&dice, 1 << (index * (1 + dice.roll(2))), variants, metric.unit)
    }
    account.headline = dice.pick([nil, DeclaredHeadline(value: 1 << dice.roll(9), variant: "a|b")])
    account.references = dice.pick([nil, ["e"], ["a|b"]])
    return ExperimentResult(
      id: "area/\(dice.roll(1000))", title: "A title & <more>",
      evidence: dice.pick([nil] + Evidence.allCases), status: .measured, reason: nil,
      account: account, points: points)
  }

  private func predictions(_ dice: inout Dice, _ variants: [String]) -> [PredictedVariant]? {
    if dice.roll(3) == 0 { return nil }
    let unit = dice.pick([
      Unit.nanoseconds, .count, .dollarsPerMonth, Unit(rawValue: "a | long one"),
    ])
    let scale = dice.pick([nil, 1, dice.value()])
    return variants.map { name in
      let terms = (0..<dice.roll(9)).map { index in
        let value = dice.value() * (dice.roll(9) == 0 ? -1 : 1)
        let source = PredictedTerm.Source(
          name: "n | \(index)", value: value, unit: unit,
          source: dice.pick(["this machine", "<a>"]))
        return PredictedTerm(
          name: "a term | \(dice.roll(12))", value: value, unit: unit, formula: "2 × n | <x>",
          because: dice.pick([nil, "`why` | <not>"]), isHidden: dice.roll(3) == 0,
          sources: dice.roll(2) == 0 ? [source] : [])
      }
      return PredictedVariant(
        name: name, unit: unit, total: dice.value(), perMetric: scale, terms: terms)
    }
  }

  private func point(
    _ dice: inout Dice, _ value: Int, _ variants: [String], _ unit: Unit
  ) -> PointResult {
    let parameter = Parameter(
      value: value, label: dice.pick(["\(value)", "\(value) KiB", "naïve"]))
    if dice.roll(5) == 0 {
      return PointResult(parameter: parameter, status: .skipped, reason: "needs | more")
    }
    let results = variants.map { name in
      let counter =
        dice.roll(2) == 0 ? Counter(dice.value(), unit: .count) : Counter(unavailable: "no | PMU")
      var result = VariantResult(
        name: name, value: dice.interval(dice.value()), unit: unit, counters: ["cycles": counter])
      if dice.roll(3) == 0 {
        result.distribution = Distribution((0..<dice.roll(5)).map { (Double($0), dice.roll(9999)) })
      }
      return result
    }
    let candidates = variants.dropFirst().map { name in
      if dice.roll(6) == 0 {
        return CandidateResult(
          name: name, speedup: nil, verdict: .skipped, reason: "`lib` | missing")
      }
      let predicted = PredictedSpeedup(speedup: dice.value(), because: "1 | 2 = <3>")
      return CandidateResult(
        name: name, speedup: dice.interval(dice.value()),
        predicted: dice.roll(2) == 0 ? predicted : nil, verdict: dice.pick(Verdict.allCases))
    }
    return PointResult(
      parameter: parameter, status: .measured, variants: results, candidates: candidates,
      predictions: predictions(&dice, variants),
      null: dice.roll(4) == 0 ? nil : dice.interval(1),
      work: Work(elements: Double(dice.roll(3)), bytes: Double(dice.roll(2)) * 64), blocks: 3,
      warnings: dice.roll(4) == 0 ? ["odd | <thing>"] : [])
  }

  @Test("Any results give well-formed charts and even tables", arguments: 0..<60)
  func drawn(seed: Int) {
    var dice = Dice(state: UInt64(seed))
    let experiments = (0..<5).map { _ in experiment(&dice) }
    for file in PageSet.render(Fixtures.results(experiments)) {
      if file.path.hasSuffix(".svg") {
        #expect(XMLChecker.problem(in: file.contents) == nil, "\(file.path)")
        #expect(!file.contents.contains("=\"–\""), "\(file.path) has a place that is no number")
      } else {
        EvenTables.expect(file)
      }
    }
    for width in [20, 50, 90] {
      for experiment in experiments {
        let text = ResultTable.points(experiment, width: width, colour: false)
        let widest = text.split(separator: "\n").map { DisplayWidth.of(String($0)) }.max() ?? 0
        #expect(widest <= max(width, 40))
      }
    }
  }

  @Test("In any chart no two texts overlap", arguments: 0..<60)
  func apart(seed: Int) {
    var dice = Dice(state: UInt64(seed) &+ 1 << 40)
    let experiment = experiment(&dice)
    let drawings = [
      ExperimentCharts.speedup(experiment, machine: Fixtures.machine),
      ExperimentCharts.metric(experiment, machine: Fixtures.machine),
      TermChart(experiment)?.drawing(),
    ]
    for drawing in drawings.compactMap({ $0 }) { TextBoxes.expectApart(drawing) }
  }
}
