import Statistics
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Prints the tables of METHODOLOGY.md. It asserts nothing and takes a while, so that it runs only
/// when asked: `PERFLAB_METHOD_TABLE=1 swift test -c release --filter MethodTable`.
@Suite(.enabled(if: isAsked)) struct MethodTable {
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
