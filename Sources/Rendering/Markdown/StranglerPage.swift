import Results

/// A monolith that is taken apart under load, as one story: a diagram for each phase that was
/// measured, with who gets which share of the requests.
struct StranglerPage {
  /// Below the machine's folder.
  static let path = "migration/strangler.md"

  /// Experiments and what they do, in the order of the phases.
  private static let names = [
    ("migration/proxy-tax", "a facade in front"), ("migration/edge-service", "sessions move out"),
    ("migration/core-service", "orders move out"),
    ("migration/retire-legacy", "the monolith goes"),
  ]

  private struct Phase {
    let number: Int
    let name: String
    let experiment: ExperimentResult
    let after: VariantResult
  }

  private let phases: [Phase]

  /// Nil where no phase has a result.
  init?(_ results: Results) {
    phases = Self.names.enumerated().compactMap { index, name in
      let experiment = results.experiments.first { $0.id == name.0 }
      guard let experiment, let after = experiment.headline?.after else { return nil }
      return Phase(number: index + 1, name: name.1, experiment: experiment, after: after)
    }
    if phases.isEmpty { return nil }
  }

  /// A whole page.
  func render() -> String {
    """
    # The strangler fig: a monolith becomes three services

    Real processes and databases, under an open-loop load that never stops. Each phase begins \
    where the one before has ended. A run of a phase has three parts: its rollback is rehearsed; \
    a service is killed or cut off in the middle of it; then the phase is gone through. After each \
    of them, every order that was acknowledged is looked for in the database of the service that \
    takes the orders. Counts are means of the runs, hence their fractions; the diagrams show the \
    third part.

    \(phases.map(section).joined(separator: "\n"))
    ## In figures

    \(table.render())
    [All experiments](../\(PagePath.index))

    """
  }

  private func section(_ phase: Phase) -> String {
    """
    ## Phase \(phase.number): \(phase.name)

    \(Markdown.fenced(diagram(phase), language: "mermaid"))
    \(sentence(phase)) [The experiment](../\(PagePath(phase.experiment).page))

    """
  }

  /// Shares are of all requests of the load in which the phase is gone through.
  private func diagram(_ phase: Phase) -> String {
    var lines = ["flowchart LR", "  c[\"customers\"]"]
    lines.append("  f[\"facade<br>response (p95): \(text("response (p95)", phase))\"]")
    lines.append("  c -- \"failed requests: \(text("failed requests", phase))\" --> f")
    for (index, service) in ["monolith", "sessions", "orders", "catalogue"].enumerated() {
      let name = "requests to the \(service)"
      guard let share = phase.after.counters[name]?.value, share > 0 else { continue }
      lines.append("  s\(index)[\"\(service)\"]")
      lines.append("  f -- \"\(text(name, phase))\" --> s\(index)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func sentence(_ phase: Phase) -> String {
    let finding = phase.experiment.headline.map { Answer.finding(phase.experiment, $0) } ?? ""
    let rollback = "The rehearsed rollback took \(text("rehearsal: roll-back", phase))."
    return Markdown.text("\(finding) \(rollback)")
  }

  /// A value keeps its unit beside it.
  private func text(_ counter: String, _ phase: Phase) -> String {
    guard let counter = phase.after.counters[counter], let value = counter.value else {
      return Figures.none
    }
    return Figures.quantity(value, unit: counter.unit).replacing(" ", with: "\u{A0}")
  }

  private var table: Markdown.Table {
    let counters = [
      "response (p50)", "response (p95)", "failed requests", "orders lost, doubled or diverged",
      "rehearsal: roll-back", "rehearsal: failed requests", "fault in the middle: failed requests",
      "fault in the middle: orders lost, doubled or diverged",
    ]
    var table = Markdown.Table()
    table.columns = [("", .left)] + phases.map { ("phase \($0.number)", .right) }
    table.rows = counters.map { counter in
      [counter] + phases.map { Markdown.text(text(counter, $0)) }
    }
    return table
  }
}
