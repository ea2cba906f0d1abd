import Platform
import Results
import Statistics

/// Computes one point: the outcomes of all variants for thousands of draws of their inputs.
///
/// A figure is what the formula gives with every input at its estimate, so that a reader can compute
/// it, and the figures of a page agree: outcomes, their ratio, the break-even, what decides. The
/// interval is that of the inputs: 95% of the draws lie in it. What is drawn is shared by the
/// variants, so that their ratio is paired. The null is the baseline over other draws: how far they
/// move the ends of its interval shows what the number of draws leaves open.
struct PointComputation {
  private static let tail = (1 - PairedComparison.level) / 2

  let experiment: Experiment
  let rule: JudgementRule
  let seed: UInt64
  let machine: Machine

  /// The point with its figures; failed where a number is missing or an outcome is not above 0.
  /// - Parameter variants: indices of those that are not skipped, the baseline first.
  func filled(_ pending: PointResult, variants: [Int]) throws(PointFailure) -> PointResult {
    let start = Clock.now()
    var point = pending
    var outcomes: [Computation] = []
    for index in variants { outcomes.append(try outcome(of: index, at: point.parameter.value)) }
    var own = InputDraws(seed: seed)
    var other = InputDraws(seed: seed &+ 1)
    let values = outcomes.map { own.values(of: $0.metric) }
    let estimates = outcomes.map(\.metric.value)
    for (position, index) in variants.enumerated() {
      let name = experiment.variants[index].name
      if let bad = ([estimates[position]] + values[position]).first(where: {
        !($0 > 0 && $0.isFinite)
      }) {
        throw .metricNotPositive(name: experiment.metric.record.name, variant: name, value: bad)
      }
      let figures = outcomes[position].figures.map {
        ($0.name, Counter($0.node.value, unit: $0.unit))
      }
      point.variants.append(
        VariantResult(
          name: name, value: Interval(interval(estimates[position], values[position])),
          unit: outcomes[position].unit,
          counters: Dictionary(figures, uniquingKeysWith: { $1 })))
    }
    let null = self.null(values[0], other.values(of: outcomes[0].metric))
    point.null = Interval(null.ratio)
    for position in variants.indices.dropFirst() {
      let ratios = zip(values[0], values[position]).map { logRatio($0, $1) }
      let interval = interval(logRatio(estimates[0], estimates[position]), ratios)
      point.candidates[variants[position] - 1].speedup = Interval(interval.ratio)
      point.candidates[variants[position] - 1].verdict =
        Verdict(rule.judge(interval, null: null))
    }
    point.status = .measured
    point.blocks = InputDraws.count
    point.stop = .precise
    point.inputs = Self.inputs(of: outcomes)
    point.wallSeconds = Double(Clock.now() - start) / 1e9
    return point
  }

  private func outcome(of index: Int, at value: Int) throws(PointFailure) -> Computation {
    let variant = experiment.variants[index]
    guard case .outcome(let outcome) = variant.body else {
      throw .refused("\(variant.name) is not computed")
    }
    let question = Question(
      variant: variant.name, isBaseline: index == 0, value: value, machine: machine)
    do { return try outcome(question) } catch {
      throw .missingNumber(error)
    }
  }

  private func logRatio(_ baseline: Double, _ candidate: Double) -> Double {
    let ratio = naturalLogarithm(baseline) - naturalLogarithm(candidate)
    return experiment.metric.record.lowerIsBetter ? ratio : -ratio
  }

  /// Around an estimate; where inputs work against each other it can lie beyond nearly all draws.
  private func interval(_ estimate: Double, _ draws: [Double]) -> ConfidenceInterval {
    ConfidenceInterval(
      estimate: estimate, low: min(estimate, draws.quantile(Self.tail)),
      high: max(estimate, draws.quantile(1 - Self.tail)), coverage: PairedComparison.level)
  }

  /// How far the ends of the interval lie apart.
  private func null(_ own: [Double], _ other: [Double]) -> ConfidenceInterval {
    let moves = [Self.tail, 1 - Self.tail].map {
      logRatio(own.quantile($0), other.quantile($0))
    }
    return ConfidenceInterval(
      estimate: 0, low: min(0, moves[0], moves[1]), high: max(0, moves[0], moves[1]),
      coverage: PairedComparison.level)
  }

  /// Every input once, for the page.
  private static func inputs(of outcomes: [Computation]) -> [ComputedInput] {
    TermNode.sum(outcomes.map(\.metric)).inputs.map(\.record)
  }
}

extension TermInput {
  /// As the results carry it.
  var record: ComputedInput {
    ComputedInput(
      name: name,
      quantity: Quantity(Interval(estimate: estimate, low: low, high: high), unit: unit),
      source: source)
  }
}
