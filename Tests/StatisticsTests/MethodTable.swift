import Statistics
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Prints the tables of METHODOLOGY.md. It asserts nothing and takes a while, so that it runs only
/// when asked: `PERFLAB_METHOD_TABLE=1 swift test -c release --filter MethodTable`.
@Suite(.serialized, .enabled(if: isAsked)) struct MethodTable {
  static let methods: [any IntervalMethod] = [
    OrderStatisticInterval(), SignedRankInterval(), StudentInterval(), StudentInterval(trim: 0.2),
    BootstrapInterval(seed: 1, resamples: 100),
  ]

  @Test func methodsAgainstNoise() {
    print("\nCoverage % · half-width % · planted 1% found %\n")
    row(["processes", "interval"] + NoiseModel.all.map(\.name))
    row(Array(repeating: "---", count: NoiseModel.all.count + 2))
    for processes in [7, 9, 19] {
      let cells = NoiseModel.all.map { model in
        Outcome.simulate(
          model, methods: Self.methods, processes: processes, ratios: 40, points: 400, seed: 17)
      }
      for (index, method) in Self.methods.enumerated() {
        row(["\(processes)", method.name] + cells.map { summary($0[index]) })
      }
    }
  }

  @Test func theDefaultByProcesses() {
    print("\nHalf-width % · 1% found % · 2% found % · 5% judged % · false verdicts of 4000\n")
    row(["processes", "coverage"] + NoiseModel.all.map(\.name))
    row(Array(repeating: "---", count: NoiseModel.all.count + 2))
    for processes in [5, 7, 9, 15, 19, 25] {
      let coverage = OrderStatisticInterval.pair(count: processes, level: 0.95).coverage
      let cells = NoiseModel.all.map { model in
        let outcome = Outcome.simulate(
          model, methods: [PairedComparison.method], processes: processes, ratios: 40,
          points: 4_000, seed: 23)[0]
        let wrong = outcome.judged(.faster) + outcome.judged(.slower)
        return [
          percent(outcome.halfWidth, 2), percent(outcome.found(1.01)),
          percent(outcome.found(1.02)), percent(outcome.judged(.faster, planted: 1.05)),
          "\(Int((wrong * 4_000).rounded()))",
        ].joined(separator: " · ")
      }
      row(["\(processes)", percent(coverage, 1)] + cells)
    }
  }

  @Test func stoppingWhenPrecise() {
    print("\nCoverage % · processes used · planted 1% found %\n")
    row(["processes", "until half-width"] + NoiseModel.all.map(\.name))
    row(Array(repeating: "---", count: NoiseModel.all.count + 2))
    for (range, halfWidth) in [(6...9, 0.01), (6...19, 0.004), (9...19, 0.004), (15...31, 0.003)] {
      let rule = StopRule(halfWidth: halfWidth, fewestProcesses: range.lowerBound)
      let cells = NoiseModel.all.map { stopped($0, rule, range, points: 2_000) }
      row(["\(range.lowerBound) to \(range.upperBound)", percent(halfWidth, 1)] + cells)
    }
  }

  /// Looks after each process and stops by the rule.
  private func stopped(
    _ model: NoiseModel, _ rule: StopRule, _ range: ClosedRange<Int>, points: Int
  ) -> String {
    var generator = SeededGenerator(seed: 29)
    var outcome = Outcome()
    var used = 0
    for _ in 0..<points {
      let drawn = model.draw(processes: range.upperBound, ratios: 15, &generator)
      let medians = drawn.candidate.map { [$0.median()] }
      let count =
        range.first {
          let interval = PairedComparison(blocks: Array(medians.prefix($0)))!.interval
          return rule.isPrecise([interval], processes: $0)
        } ?? range.upperBound
      used += count
      outcome.add(
        PairedComparison(blocks: Array(medians.prefix(count)))!.interval,
        null: PairedComparison(blocks: Array(drawn.null.prefix(count)))!.interval)
    }
    let mean = (Double(used) / Double(points) * 10).rounded() / 10
    return [percent(outcome.coverage, 1), "\(mean)", percent(outcome.found(1.01))]
      .joined(separator: " · ")
  }

  private func summary(_ outcome: Outcome) -> String {
    [percent(outcome.coverage), percent(outcome.halfWidth, 2), percent(outcome.found(1.01))]
      .joined(separator: " · ")
  }

  private func percent(_ share: Double, _ digits: Int = 0) -> String {
    let scale = [1.0, 10, 100][digits]
    let rounded = (share * 100 * scale).rounded() / scale
    return digits == 0 ? "\(Int(rounded))" : "\(rounded)"
  }

  private func row(_ cells: [String]) { print("| " + cells.joined(separator: " | ") + " |") }
}

private var isAsked: Bool { getenv("PERFLAB_METHOD_TABLE") != nil }
