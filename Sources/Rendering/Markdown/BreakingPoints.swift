import Results

/// The first number of users with which each variant no longer keeps its service level, beside what
/// the curriculum claims.
struct BreakingPoints {
  private let experiment: ExperimentResult
  private let view: MetricView
  private let level: Level

  private enum Level: String {
    case served = "falls below 99 %"
    /// What does not interrupt a flow of thought: Nielsen, *Usability Engineering*, 1993, chapter 5.
    case p99 = "exceeds 1 s"
  }

  /// Nil where the metric over users is no service level.
  init?(_ experiment: ExperimentResult) {
    let metric = experiment.account.metric
    guard experiment.account.axis == "users" else { return nil }
    if metric.unit == .share && !metric.lowerIsBetter {
      level = .served
    } else if metric.unit == .nanoseconds && metric.name.hasPrefix("p99 ") {
      level = .p99
    } else {
      return nil
    }
    self.experiment = experiment
    view = MetricView(experiment)
  }

  /// Where the curriculum has it break.
  var claims: [(group: String, users: Parameter)] {
    JourneyPage.claims(of: experiment.account.slot)
  }

  /// The first of the points at which a variant breaks; nil where it breaks at none.
  func first(_ variant: String) -> PointResult? {
    experiment.points.first { point in
      guard let found = point.variants.first(where: { $0.name == variant }) else { return false }
      let value = view.value(found, at: point).estimate
      return level == .served ? value < 99 : value > 1e9
    }
  }

  /// Which variant breaks where, the claims, and what was counted beside the metric over the sweep.
  func render() -> String {
    var table = Markdown.Table()
    table.columns = [("", .left), ("breaks", .left), (view.name, .right)]
    let signals = experiment.account.signals
    table.columns += signals.map { ($0, .right) }
    table.rows = experiment.variantNames.map(row)
    let claimed = claims.map { "\($0.users.label) users (\($0.group))" }.joined(separator: ", ")
    return "Where the \(Markdown.text(view.name)) first \(level.rawValue), between two numbers of "
      + "users that were tried, and what it is with the larger one:\n\n\(table.render())\n"
      + (claimed.isEmpty ? "" : "The curriculum claims: \(Markdown.text(claimed)).\n\n")
      + signals.map { SignalTable.overSweep($0, of: experiment) }.joined()
  }

  private func row(_ name: String) -> [String] {
    let label = Markdown.text(experiment.label(name))
    let signals = experiment.account.signals
    guard let point = first(name), let variant = point.variants.first(where: { $0.name == name })
    else {
      let last = experiment.points.last { point in point.variants.contains { $0.name == name } }
      let place = last.map { "not up to \($0.parameter.label)" } ?? "not tried"
      return [label, Markdown.text(place), Figures.none] + signals.map { _ in Figures.none }
    }
    let counted = signals.map { SignalTable.cell(variant.counters[$0]) }
    let before = experiment.points.last { $0.parameter.value < point.parameter.value }
    let place =
      before.map { "between \($0.parameter.label) and \(point.parameter.label)" }
      ?? "up to \(point.parameter.label)"
    return [label, Markdown.text(place), Markdown.text(view.text(variant, at: point))] + counted
  }
}
