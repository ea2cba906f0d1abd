import Results
import Statistics

/// Where a computed experiment's answer turns, and which inputs decide it.
///
/// Baseline and candidate are computed at many values between the ends of the sweep, in every draw;
/// between the two values where the better one changes, the logarithm of their ratio is taken as
/// linear in that of the value.
struct DecisionAnalysis {
  /// Values between the ends of the sweep: the ratio is nearly straight between two of them.
  private static let grid = 40
  private static let tail = (1 - PairedComparison.level) / 2

  let experiment: Experiment
  let seed: UInt64
  let machine: Machine

  /// A value of the axis with both expressions.
  private struct Step {
    var x: Double
    var baseline: TermNode
    var candidate: TermNode
  }

  /// Nil where a number is missing, or no candidate was computed.
  func decision(of result: ExperimentResult) -> Decision? {
    guard let headline = result.headline,
      let index = experiment.variants.firstIndex(where: { $0.name == headline.candidate.name }),
      let steps = try? steps(candidate: index),
      let point = try? step(at: headline.point.parameter.value, candidate: index)
    else { return nil }
    let breakEven = steps.isEmpty ? nil : breakEven(steps)
    let inputs = TermNode.sum([point.baseline, point.candidate]).inputs.filter { $0.low < $0.high }
    let deciders = inputs.map { decider($0, at: point, along: steps) }
    return Decision(
      candidate: headline.candidate.name, breakEven: breakEven,
      parameter: headline.point.parameter, deciders: Decider.sorted(deciders))
  }

  // MARK: The axis

  private func steps(candidate: Int) throws(MissingNumber) -> [Step] {
    guard experiment.sweep.isNumeric, let first = experiment.sweep.values.first?.value,
      let last = experiment.sweep.values.last?.value, 0 < first, first < last
    else { return [] }
    let span = naturalLogarithm(Double(last) / Double(first))
    var values: [Int] = []
    for step in 0...Self.grid {
      let x = Double(first) * exponential(span * Double(step) / Double(Self.grid))
      let value = min(last, max(first, Int(x.rounded())))
      if value != values.last { values.append(value) }
    }
    var steps: [Step] = []
    for value in values { steps.append(try step(at: value, candidate: candidate)) }
    return steps
  }

  private func step(at value: Int, candidate: Int) throws(MissingNumber) -> Step {
    Step(
      x: Double(value), baseline: try outcome(of: 0, at: value),
      candidate: try outcome(of: candidate, at: value))
  }

  private func outcome(of index: Int, at value: Int) throws(MissingNumber) -> TermNode {
    let variant = experiment.variants[index]
    guard case .outcome(let outcome) = variant.body else { return .constant(1) }
    return try outcome(
      Question(
        variant: variant.name, isBaseline: index == 0, value: value, machine: machine)
    ).metric
  }

  // MARK: Where it turns

  /// The logarithm of how much better the candidate is.
  private func gain(_ baseline: Double, _ candidate: Double) -> Double {
    let ratio = naturalLogarithm(baseline) - naturalLogarithm(candidate)
    return experiment.metric.record.lowerIsBetter ? ratio : -ratio
  }

  private func breakEven(_ steps: [Step]) -> BreakEven {
    var draws = InputDraws(seed: seed)
    let columns = steps.map { step in
      zip(draws.values(of: step.baseline), draws.values(of: step.candidate)).map(gain)
    }
    let xs = steps.map(\.x)
    let estimated = steps.map { gain($0.baseline.value, $0.candidate.value) }
    var turns: [Double] = []
    var (always, never, above) = (0, 0, 0)
    for draw in 0..<InputDraws.count {
      let gains = columns.map { $0[draw] }
      guard let turn = Self.turn(xs, gains) else {
        if gains[0] > 0 { always += 1 } else { never += 1 }
        continue
      }
      turns.append(turn)
      if gains[0] <= 0 { above += 1 }
    }
    let isAbove =
      turns.isEmpty ? (estimated.last ?? 0) > estimated[0] : 2 * above > turns.count
    // A candidate that is better from some value on is never better where the turn lies beyond the
    // last value, and always where it lies before the first.
    let (before, beyond) = isAbove ? (always, never) : (never, always)
    let all =
      Array(repeating: -Double.infinity, count: before) + turns.sorted()
      + Array(repeating: Double.infinity, count: beyond)
    func end(_ share: Double) -> BreakEven.Place? {
      let index = Int((share * Double(all.count - 1)).rounded())
      return all[index].isFinite ? place(all[index]) : nil
    }
    let places = Self.turns(xs, estimated).map(place)
    return BreakEven(
      value: places.first, until: places.dropFirst().first, turns: places.count,
      low: end(Self.tail), high: end(1 - Self.tail), isBetterAbove: isAbove,
      always: Double(always) / Double(InputDraws.count),
      never: Double(never) / Double(InputDraws.count))
  }

  /// Where the sign of the gain first changes; nil where it is the same all over.
  private static func turn(_ xs: [Double], _ gains: [Double]) -> Double? {
    gains.indices.dropFirst().first { isTurn(gains, $0) }.map { place(xs, gains, $0) }
  }

  /// Everywhere where it changes.
  private static func turns(_ xs: [Double], _ gains: [Double]) -> [Double] {
    gains.indices.dropFirst().filter { isTurn(gains, $0) }.map { place(xs, gains, $0) }
  }

  /// Whether the sign is another one than before.
  private static func isTurn(_ gains: [Double], _ index: Int) -> Bool {
    (gains[index] > 0) != (gains[index - 1] > 0)
  }

  /// Between a value and the one before, where the gain is 0.
  private static func place(_ xs: [Double], _ gains: [Double], _ index: Int) -> Double {
    let (before, after) = (gains[index - 1], gains[index])
    let share = before == after ? 0 : before / (before - after)
    guard share.isFinite else { return xs[index] }
    return xs[index - 1] * exponential(share * naturalLogarithm(xs[index] / xs[index - 1]))
  }

  private func place(_ x: Double) -> BreakEven.Place {
    BreakEven.Place(value: x, label: experiment.sweep.label(near: x))
  }

  // MARK: What decides

  private func decider(_ input: TermInput, at point: Step, along steps: [Step]) -> Decider {
    func gain(_ end: Double, _ step: Step) -> Double {
      func moved(_ node: TermNode) -> Double {
        node.value { $0 == input ? end : $0.estimate }
      }
      return self.gain(moved(step.baseline), moved(step.candidate))
    }
    func turn(_ end: Double) -> BreakEven.Place? {
      Self.turn(steps.map(\.x), steps.map { gain(end, $0) }).map(place)
    }
    let places = [input.low, input.estimate, input.high].map {
      TurningPoint.Place(x: $0, gain: gain($0, point))
    }
    return Decider(
      input: input.record, ratioAtLow: exponential(places[0].gain),
      ratioAtHigh: exponential(places[2].gain), breakEvenAtLow: turn(input.low),
      breakEvenAtHigh: turn(input.high),
      turn: TurningPoint.between(places, steps: Self.grid) { gain($0, point) })
  }
}

extension Sweep {
  /// What people read for a value between those that were computed: the label of the nearest whole
  /// value, with two digits in place of a number that it shows as it is.
  func label(near x: Double) -> String {
    let whole = Int(max(1, x).rounded())
    let rounded = Self.roundedToTwoDigits(x)
    let text = title(whole)
    // A value of the sweep stands as it was declared.
    if values.contains(where: { Double($0.value) == x }) { return text }
    guard let range = text.firstRange(of: String(whole)) else { return title(Int(rounded)) }
    return text.replacingCharacters(in: range, with: rounded.brief)
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
    self[..<range.lowerBound] + text + self[range.upperBound...]
  }
}
