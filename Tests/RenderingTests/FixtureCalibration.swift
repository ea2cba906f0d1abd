import Results

extension Fixtures {
  /// Two kinds of kernel in two surroundings; figures made by hand.
  static var calibration: Calibration {
    var calibration = Calibration(machine: machine)
    calibration.keep(series(.none, spread: 0.001))
    calibration.keep(series(.other, spread: 0.004))
    calibration.keep(
      Repetition(
        run: run,
        ratios: [
          ("arithmetic same", 1.0, 1.001), ("arithmetic slower-5", 0.9524, 0.9521),
          ("memory/aos-to-soa, 4 MiB, soa", 4.02, 4.3),
        ].map { name, first, second in
          Repetition.Ratio(
            name: name, first: interval(first, 0.002), second: interval(second, 0.002))
        }))
    return calibration
  }

  private static func series(
    _ neighbour: CalibrationSeries.Neighbour, spread: Double
  ) -> CalibrationSeries {
    let pairs =
      [CalibrationPair.same, .copy] + [1, 2, 3, 5, 10].map { .slower(percent: $0) }
    let kinds = [
      CalibrationSeries.Kind(name: "arithmetic", title: "Dependent arithmetic"),
      CalibrationSeries.Kind(name: "l2", title: "Streaming 160 KB from L2"),
      CalibrationSeries.Kind(
        name: "atomics", title: "Atomics between two threads",
        reason: "needs 2 cores, may use 1"),
    ]
    var series = CalibrationSeries(run: run, neighbour: neighbour, isPinned: true, kinds: kinds)
    for round in 0..<4 {
      for kind in ["arithmetic", "l2"] {
        for pair in pairs { series.comparisons.append(one(kind, pair, round, spread)) }
      }
    }
    return series
  }

  private static func one(
    _ kind: String, _ pair: CalibrationPair, _ round: Int, _ spread: Double
  ) -> CalibrationComparison {
    var truth = 1.0
    if case .slower(let percent) = pair { truth = 1 / (1 + Double(percent) / 100) }
    let estimate = truth * (1 + spread * Double(round - 2))
    let reach = spread * 3
    let ratio = Interval(estimate: estimate, low: estimate - reach, high: estimate + reach)
    return CalibrationComparison(
      kind: kind, pair: pair, ratio: ratio,
      verdict: estimate < 0.97 ? .slower : .same, null: interval(1, spread),
      processes: [-spread, spread, spread / 2], blockNoise: spread / 4,
      discarded: ["preempted": 3], seconds: 1.5,
      code: pair == .copy ? [0x21dc90, 0x21dda0] : [0x21dc90, 0x21dc90])
  }
}
