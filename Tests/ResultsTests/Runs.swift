import Results

/// Results made by hand for comparisons.
enum Runs {
  static let machine = Machine(
    name: "box", processor: "Test", architecture: "x86_64", cores: 2, threads: 2, packages: 1,
    numaNodes: 1, memoryBytes: 1 << 34, caches: [], kernel: "6.1.0", system: "Debian 13",
    hypervisor: nil)

  static func run(_ started: String) -> Run {
    Run(
      started: started, preset: "quick", seed: 1, version: "0.1.0",
      flags: BuildFlags(
        optimised: true, compiler: "swift-6.3.1", instructionSet: "native", features: []),
      cpus: [1])
  }

  /// A value with ends at equal distances in logarithms.
  static func around(_ value: Double, by ratio: Double) -> Interval {
    Interval(estimate: value, low: value / ratio, high: value * ratio)
  }

  static func point(
    _ value: Int, speedup: Double, by ratio: Double = 1.01, null: Double = 1.005,
    predicted: Double? = nil, processes: Int = 9, verdict: Verdict = .faster
  ) -> PointResult {
    PointResult(
      parameter: Parameter(value: value, label: "\(value)"), status: .measured,
      variants: [("before", 100.0), ("after", 100 / speedup)].map { name, time in
        VariantResult(name: name, value: around(time, by: ratio), unit: .nanoseconds)
      },
      candidates: [
        CandidateResult(
          name: "after", speedup: around(speedup, by: ratio),
          predicted: predicted.map { PredictedSpeedup(speedup: $0, because: "of counts") },
          verdict: verdict)
      ], null: around(1, by: null), processes: processes)
  }

  static func experiment(_ id: String, _ points: [PointResult]) -> ExperimentResult {
    ExperimentResult(
      id: id, title: id, status: .measured, reason: nil,
      account: Account(
        slot: "s", claim: "c", mechanism: "m", limits: "l", diagram: "d", axis: "size",
        numericAxis: true, metric: .time, signals: ["x"], sources: []), points: points)
  }

  static func results(_ started: String, _ experiments: [ExperimentResult]) -> Results {
    Results(
      run: run(started), machine: machine, conditions: [],
      experiments: experiments.map { experiment in
        var mine = experiment
        mine.run = run(started)
        return mine
      })
  }

  static func compare(_ left: [ExperimentResult], _ right: [ExperimentResult]) -> Comparison {
    Comparison(
      [
        .init(name: "left", results: results("2026-01-01T00:00:00Z", left)),
        .init(name: "right", results: results("2026-01-02T00:00:00Z", right)),
      ], numberProcesses: 6)
  }

  /// One experiment at one point on either side.
  static func compare(_ left: PointResult, _ right: PointResult) -> ComparedCandidate {
    compare([experiment("a/b", [left])], [experiment("a/b", [right])]).pairs[0].candidates[0]
  }
}
