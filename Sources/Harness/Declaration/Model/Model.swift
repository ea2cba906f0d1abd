import Results
import Statistics

/// What a variant is expected to show at a point: a term, and how much work it is for.
public struct Model: Sendable, Equatable {
  /// What a model's term is the cost of.
  public enum Scope: Sendable, Equatable {
    /// One element of the experiment's `work`; a call of the kernel where that counts none.
    case element
    /// A call of the kernel.
    case call
    /// The reported metric as it stands.
    case metric
    /// Only the ratio of two variants means something, as of shares of a whole.
    case relative
  }

  let node: TermNode
  let unit: Unit
  let scope: Scope

  /// A term as the expected metric.
  /// - Parameter scope: what it is the cost of; must be the same for all variants of a point.
  public init<U>(_ term: Term<U>, per scope: Scope = .element) {
    node = term.node
    unit = U.unit
    self.scope = scope
  }

  /// The expected metric.
  public var value: Double { node.value }

  /// The ratio of two variants' models, above 1 where `self` is better than the baseline, with an
  /// interval of 90%: the inputs of both are drawn together, so that a number in both cancels.
  /// - Parameters:
  ///   - isMeasured: whether the ratio is measured, so that what models leave out is in the interval.
  ///   - names: of the baseline and of this variant, for the sentence.
  ///   - draws: of the inputs, shared by all variants of a point.
  func speedup(
    over baseline: Model, lowerIsBetter: Bool = true, isMeasured: Bool = false,
    names: (baseline: String, own: String), draws: inout InputDraws
  ) -> PredictedSpeedup {
    let (above, below) = lowerIsBetter ? (baseline.node, node) : (node, baseline.node)
    let estimate = above.value / below.value
    let error = isMeasured ? TermInput.usualError : 1
    var ends = estimate / error...estimate * error
    let ratio = TermNode.quotient(of: above, below)
    if ratio.inputs.contains(where: { $0.low != $0.high }) {
      let values = draws.values(of: isMeasured ? .product(.input(.leftOut), ratio) : ratio)
        .filter { $0 > 0 && $0.isFinite }
      if !values.isEmpty { ends = values.quantile(0.05)...values.quantile(0.95) }
    }
    return PredictedSpeedup(
      speedup: estimate, low: min(estimate, ends.lowerBound), high: max(estimate, ends.upperBound),
      because: "\(baseline.sentence(names.baseline)); \(sentence(names.own)).")
  }

  /// `masks: work 1.2 ns + mispredictions 3 ns = 4.2 ns; overlapped: bandwidth of L2 0.9 ns`
  private func sentence(_ variant: String) -> String {
    let rows = node.rows(unit: unit)
    func list(_ hidden: Bool) -> [String] {
      rows.filter { $0.isHidden == hidden }.map { "\($0.name) \(Self.figure($0.value, unit))" }
    }
    let (seen, hidden) = (list(false), list(true))
    let total = seen.count == 1 ? "" : " = \(Self.figure(value, unit))"
    let behind = hidden.isEmpty ? "" : " (overlapped: \(hidden.joined(separator: ", ")))"
    return "\(variant): \(seen.joined(separator: " + "))\(total)\(behind)"
  }

  /// Times in the unit that keeps them short; shares of a whole as percent.
  private static func figure(_ value: Double, _ unit: Unit) -> String {
    guard unit == .nanoseconds else {
      return unit.rawValue.isEmpty ? value.brief : "\(value.brief) \(unit.rawValue)"
    }
    let steps = [(1e9, "s"), (1e6, "ms"), (1e3, "µs")]
    for (size, name) in steps where abs(value) >= size { return "\((value / size).brief) \(name)" }
    return "\(value.brief) ns"
  }

  /// As the results carry it.
  /// - Parameter elements: of a call of the kernel, for the scale of the metric.
  func predicted(_ variant: String, elements: Double) -> PredictedVariant {
    let calls: Double? =
      switch scope {
      case .element: elements > 0 ? elements : 1
      case .call, .metric: 1
      case .relative: nil
      }
    return PredictedVariant(
      name: variant, unit: unit, total: value, perMetric: calls, terms: node.rows(unit: unit))
  }
}
