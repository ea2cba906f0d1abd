import Results

extension Fixtures {
  /// Results of schema 2: with terms, with percentiles, simulated, computed.
  static let modelled = [byteScan, poll, hedged, functions]

  static func term(
    _ name: String, _ value: Double, unit: Unit = .nanoseconds, _ formula: String,
    because: String? = nil, isHidden: Bool = false,
    _ sources: [(name: String, value: Double, unit: Unit, source: String)] = []
  ) -> PredictedTerm {
    PredictedTerm(
      name: name, value: value, unit: unit, formula: formula, because: because,
      isHidden: isHidden,
      sources: sources.map {
        PredictedTerm.Source(name: $0.name, value: $0.value, unit: $0.unit, source: $0.source)
      })
  }

  static func predicted(
    _ name: String, perMetric: Double?, _ terms: [PredictedTerm]
  ) -> PredictedVariant {
    PredictedVariant(
      name: name, unit: terms.first?.unit ?? .nanoseconds,
      total: terms.filter { !$0.isHidden }.reduce(0) { $0 + $1.value }, perMetric: perMetric,
      terms: terms)
  }

  /// Terms, one of them overlapped; a reference; a model that fails at one point that is not the
  /// headline's.
  static var byteScan: ExperimentResult {
    let rows: [(Int, String, Double, Double)] = [
      (16 << 10, "16 KiB", 2.1, 9), (1 << 20, "1 MiB", 2.2, 8.4), (64 << 20, "64 MiB", 4.4, 12),
    ]
    let points = rows.map { size, label, time, speedup -> PointResult in
      let elements = Double(size)
      var point = point(
        size, label, base: ("byte by byte", time * elements),
        candidates: [("masks", speedup, 8.75), ("memory read", speedup * 1.5, 12)],
        work: Work(elements: elements, bytes: elements))
      point.predictions = [
        predicted(
          "byte by byte", perMetric: elements,
          [
            term(
              "five branches", 1.25, "5 × branch.rate", [("branch.rate", 0.25, .nanoseconds, here)]
            ),
            term(
              "mispredictions", 0.85, "0.104 × branch.miss",
              because: "five ends of a record vary",
              [("branch.miss", 8.17, .nanoseconds, here)]),
            term(
              "bandwidth of L2", 0.02, "1 B ÷ read.l2", isHidden: true,
              [("read.l2", 50, Unit(rawValue: "GB/s"), here)]),
          ]),
        predicted(
          "masks", perMetric: elements,
          [
            term(
              "masks", 0.24, "mask.throughput ÷ 16", [("mask.throughput", 3.84, .nanoseconds, here)]
            ),
            term(
              "bandwidth of L2", 0.02, "1 B ÷ read.l2", isHidden: true,
              [("read.l2", 50, Unit(rawValue: "GB/s"), "a data sheet")]),
          ]),
      ]
      for index in point.candidates.indices {
        point.candidates[index].predicted?.low = 7.9
        point.candidates[index].predicted?.high = 9.6
      }
      return point
    }
    var account = account(axis: "working set", diagram: "graph LR\n  A[{masks}] --> B[{speedup}]")
    account.headline = DeclaredHeadline(value: 1 << 20, variant: "masks")
    account.references = ["memory read"]
    return ExperimentResult(
      id: "cpu/byte-scan", title: "Scanning bytes", evidence: .measured, status: .measured,
      reason: nil, account: account, points: points)
  }

  private static let here = "this machine"

  /// A long tail around a middle, in nanoseconds.
  static func distribution(_ middle: Double, count: Int) -> Distribution {
    let shares = [(0.5, 0.3), (1, 0.3), (1.4, 0.3), (2.5, 0.088), (6, 0.0115), (20, 0.0005)]
    return Distribution(
      shares.map { (value: middle * $0.0, count: Int(Double(count) * $0.1)) })
  }

  /// A percentile; one variant has too few observations for the 99.9th.
  static var poll: ExperimentResult {
    let metric = MetricRecord(
      name: "p99 latency", unit: .nanoseconds, lowerIsBetter: true, percentile: 99)
    var point = point(
      8, "8", base: ("wait in the kernel", 36_000), candidates: [("poll", 12, 10)], noise: 0.1)
    point.variants[0].distribution = distribution(6000, count: 120_000)
    point.variants[1].distribution = distribution(500, count: 4000)
    return ExperimentResult(
      id: "network/poll", title: "Wait or poll", evidence: .measured, status: .measured,
      reason: nil, account: account(axis: "connections", metric: metric), points: [point])
  }

  static var hedged: ExperimentResult {
    let metric = MetricRecord(
      name: "p99 response", unit: Unit(rawValue: "service times"), lowerIsBetter: true,
      percentile: 99)
    let rows: [(Int, Double, Double, Double)] = [
      (20, 5.8, 1.21, 1.18), (60, 11.6, 1.27, 1.05), (80, 23.7, 1.39, 0.0068),
    ]
    let points = rows.map { load, base, cancelled, kept -> PointResult in
      var point = point(
        load, "\(load) %", base: ("no hedge", base), unit: metric.unit,
        candidates: [("loser cancelled", cancelled, 1.16), ("not cancelled", kept, 1.16)],
        noise: 0.03)
      for (index, copies) in [1, 1.05, 1.06].enumerated() {
        point.variants[index].counters = ["copies per request": Counter(copies, unit: .count)]
        point.variants[index].distribution = distribution(base / 6, count: 600_000)
      }
      point.predictions = [
        predicted(
          "no hedge", perMetric: 1,
          [
            term(
              "exponential tail", base, unit: metric.unit, "ln 100 ÷ (1 − load)",
              [("load", Double(load) / 100, .count, "the sweep")])
          ]),
        predicted(
          "loser cancelled", perMetric: 1,
          [
            term("both are slow", base * 0.5, unit: metric.unit, "ln 100 ÷ 2 (1 − 1.05 × load)"),
            term("delay of the hedge", base * 0.36, unit: metric.unit, "ln 20 ÷ 2 (1 − load)"),
          ]),
      ]
      (point.processes, point.blocks, point.discarded) = (6, 6, [:])
      return point
    }
    var account = account(axis: "load", metric: metric, signals: ["copies per request"])
    account.headline = DeclaredHeadline(value: 60, variant: "loser cancelled")
    account.references = []
    return ExperimentResult(
      id: "scale/hedged-requests", title: "Hedged requests", evidence: .simulated,
      status: .measured, reason: nil, account: account, points: points)
  }

  static var functions: ExperimentResult {
    let metric = MetricRecord(name: "cost", unit: .dollarsPerMonth, lowerIsBetter: true)
    let rows: [(Int, Double, Double)] = [(1, 105.1, 79.6), (80, 105.1, 0.99), (1000, 1051, 0.796)]
    let points = rows.map { rate, base, ratio -> PointResult in
      var point = point(
        rate, "\(rate)", base: ("servers", base), unit: metric.unit,
        candidates: [("functions", ratio, rate == 1 ? 80 : 1)], noise: 0.3,
        verdict: { $0 > 2 ? .faster : .unresolved })
      point.inputs = [
        input("CPU a request", 8, 5.3, 12.1, Unit(rawValue: "ms"), "measured: `shop profile`"),
        input("price of a server", 0.072, 0.072, 0.072, Unit(rawValue: "$/h"), "list price"),
        input("waiting", 50, 0, 80, .share, "assumption"),
      ]
      (point.processes, point.blocks, point.discarded) = (0, 10_000, [:])
      return point
    }
    var account = account(axis: "requests/s", metric: metric)
    account.headline = DeclaredHeadline(value: 80, variant: "functions")
    account.rule = RuleOfThumb(
      "serverless until the server would be busy", breakEven: 100, source: "a book")
    var result = ExperimentResult(
      id: "cost/functions-or-servers", title: "Functions or servers", evidence: .computed,
      status: .measured, reason: nil, account: account, points: points)
    result.decision = decision
    return result
  }

  /// One end of the interval lies beyond the sweep.
  private static var decision: Decision {
    func place(_ value: Double) -> BreakEven.Place {
      BreakEven.Place(value: value, label: "\(Int(value))")
    }
    return Decision(
      candidate: "functions",
      breakEven: BreakEven(
        value: place(90), low: place(47), high: nil, isBetterAbove: false, always: 0.31, never: 0),
      parameter: Parameter(value: 80, label: "80"),
      deciders: [
        Decider(
          input: input("waiting", 50, 0, 80, .share, "assumption"), ratioAtLow: 1.1,
          ratioAtHigh: 0.7, breakEvenAtLow: place(93), breakEvenAtHigh: place(57)),
        Decider(
          input: input("CPU a request", 8, 5.3, 12.1, Unit(rawValue: "ms"), "measured"),
          ratioAtLow: 1.2, ratioAtHigh: 0.95, breakEvenAtLow: place(100), breakEvenAtHigh: nil),
      ])
  }

  private static func input(
    _ name: String, _ value: Double, _ low: Double, _ high: Double, _ unit: Unit, _ source: String
  ) -> ComputedInput {
    ComputedInput(
      name: name,
      quantity: Quantity(Interval(estimate: value, low: low, high: high), unit: unit),
      source: source)
  }
}
