import Statistics
import Testing

/// Where the differences between runs of one and the same kernel come from, as random draws.
///
/// Each variant has in each process a layout of its own, which stays for the process; each sample
/// adds noise of its own. All figures are log-ratios: 0.004 is about 0.4%.
struct NoiseModel: Sendable, CustomTestStringConvertible {
  let name: String
  /// Standard deviation of a variant's layout over processes.
  let layout: Double
  /// Share of the processes in which a variant lands badly, and what that costs it.
  let bad: (share: Double, cost: Double)
  /// Draws a sample's noise: one of these.
  private let noise: [Double]

  /// - Parameters:
  ///   - sample: scale of a sample's noise, Student's t with three degrees of freedom.
  ///   - spikes: share of the samples with a spike, and the median height of one (log-normal).
  init(
    _ name: String, layout: Double, bad: (share: Double, cost: Double) = (0, 0), sample: Double,
    spikes: (share: Double, height: Double) = (0, 0)
  ) {
    self.name = name
    self.layout = layout
    self.bad = bad
    // Drawn once: the tests run unoptimised.
    var generator = SeededGenerator(seed: 1)
    noise = (0..<4_096).map { _ in
      let (x, y, z) = (generator.normal(), generator.normal(), generator.normal())
      let student = generator.normal() / ((x * x + y * y + z * z) / 3).squareRoot()
      let isSpike = Double.random(in: 0..<1, using: &generator) < spikes.share
      return sample * student + (isSpike ? spikes.height * exponential(generator.normal()) : 0)
    }
  }

  static let all = [
    NoiseModel("calm", layout: 0.0003, sample: 0.003),
    NoiseModel("usual", layout: 0.002, sample: 0.006, spikes: (0.05, 0.02)),
    NoiseModel("layout", layout: 0.004, sample: 0.006),
    NoiseModel("two layouts", layout: 0.0005, bad: (0.3, 0.01), sample: 0.006),
    NoiseModel(
      "outliers", layout: 0.0005, bad: (0.05, 0.1), sample: 0.006, spikes: (0.05, 0.02)),
    NoiseModel("disturbed", layout: 0.02, sample: 0.05, spikes: (0.2, 0.1)),
  ]

  var testDescription: String { name }

  /// The log-ratios that one point of an experiment would give, for two variants that are alike.
  ///
  /// The baseline again is the second baseline; both ratios share the first, as in a measurement.
  func draw(
    processes: Int, ratios: Int, _ generator: inout SeededGenerator
  ) -> (candidate: [[Double]], null: [[Double]]) {
    var candidate: [[Double]] = []
    var null: [[Double]] = []
    for _ in 0..<processes {
      let layouts = (0..<3).map { _ in drawLayout(&generator) }
      var pairs: [Double] = []
      var nulls: [Double] = []
      for _ in 0..<ratios {
        let baseline = layouts[0] + drawSample(&generator)
        nulls.append(baseline - layouts[1] - drawSample(&generator))
        pairs.append(baseline - layouts[2] - drawSample(&generator))
      }
      candidate.append(pairs)
      null.append(nulls)
    }
    return (candidate, null)
  }

  private func drawLayout(_ generator: inout SeededGenerator) -> Double {
    let isBad = Double.random(in: 0..<1, using: &generator) < bad.share
    return layout * generator.normal() + (isBad ? bad.cost : 0)
  }

  private func drawSample(_ generator: inout SeededGenerator) -> Double {
    noise[Int(truncatingIfNeeded: generator.next() >> 52)]
  }
}

/// What many simulated points with one method had in common.
///
/// An interval moves with the values, so that each drawn point stands for every planted effect.
struct Outcome {
  private(set) var points = 0
  private var intervals: [ConfidenceInterval] = []
  private var nulls: [ConfidenceInterval] = []

  mutating func add(_ candidate: ConfidenceInterval, null: ConfidenceInterval) {
    points += 1
    intervals.append(candidate)
    nulls.append(null)
  }

  /// Share of the intervals that hold the truth.
  var coverage: Double { share(intervals) { $0.contains(0) } }

  /// Mean half-width.
  var halfWidth: Double { intervals.map(\.halfWidth).mean() }

  /// Share of the intervals that leave 1.00 out, where `ratio` was planted.
  func found(_ ratio: Double) -> Double {
    share(intervals) { !$0.contains(-naturalLogarithm(ratio)) }
  }

  /// Share of the points with that judgement, where `ratio` was planted.
  func judged(_ judgement: Judgement, planted ratio: Double = 1) -> Double {
    let effect = naturalLogarithm(ratio)
    return share(Array(zip(intervals, nulls))) { interval, null in
      JudgementRule().judge(interval.shifted(effect), null: null) == judgement
    }
  }

  private func share<Element>(_ values: [Element], _ holds: (Element) -> Bool) -> Double {
    Double(values.count { holds($0) }) / Double(values.count)
  }

  /// Simulates `points` points and states each with every method.
  static func simulate(
    _ model: NoiseModel, methods: [any IntervalMethod], processes: Int, ratios: Int, points: Int,
    seed: UInt64
  ) -> [Outcome] {
    var generator = SeededGenerator(seed: seed)
    var outcomes = methods.map { _ in Outcome() }
    for _ in 0..<points {
      let drawn = model.draw(processes: processes, ratios: ratios, &generator)
      for (index, method) in methods.enumerated() {
        let candidate = method.interval(drawn.candidate, level: PairedComparison.level)
        let null = method.interval(drawn.null, level: PairedComparison.level)
        outcomes[index].add(candidate, null: null)
      }
    }
    return outcomes
  }
}

extension ConfidenceInterval {
  /// All three values moved by a log-ratio.
  func shifted(_ effect: Double) -> ConfidenceInterval {
    ConfidenceInterval(
      estimate: estimate + effect, low: low + effect, high: high + effect, coverage: coverage)
  }
}
