import Results

/// How an experiment was measured.
public enum MethodText {
  /// The run in a paragraph, then a table of the points with what was kept and what was dropped.
  public static func render(_ experiment: ExperimentResult, run: Run) -> String {
    var result = paragraph(experiment, run: run) + "\n"
    let points = experiment.points.filter { $0.blocks > 0 || !$0.discarded.isEmpty }
    if !points.isEmpty { result += "\n" + table(experiment, points).render() }
    let warnings = experiment.points.flatMap { point in
      point.warnings.map { warning in
        let place = Answer.place(point, experiment.account.axis)
        return "- \(Markdown.text(place)): \(Markdown.text(Answer.ended(warning)))"
      }
    }
    if !warnings.isEmpty { result += "\nWarnings:\n\n" + warnings.joined(separator: "\n") + "\n" }
    return result
  }

  private static func paragraph(
    _ experiment: ExperimentResult, run: Run
  ) -> String {
    let wall = experiment.points.reduce(0) { $0 + $1.wallSeconds }
    let timed = experiment.points.reduce(0) { $0 + $1.timedSeconds }
    let cpus = run.cpus.map(String.init).joined(separator: ", ")
    var parts = [
      "Preset \(Markdown.code(run.preset)), seed \(run.seed), started "
        + "\(Markdown.text(run.started)), perflab \(Markdown.text(run.version))."
    ]
    if !cpus.isEmpty { parts.append("Pinned to \(run.cpus.count == 1 ? "CPU" : "CPUs") \(cpus).") }
    parts.append(BuildText.sentence(run.flags))
    if wall > 0 {
      parts.append(
        "It took \(Figures.duration(seconds: wall)), "
          + "\(Figures.percent(timed / wall)) of it inside timed samples.")
    }
    parts.append(
      "In a block every variant runs in random order and then in the mirrored order; *baseline "
        + "against itself* is the baseline measured twice as if it were two variants, and below "
        + "its spread nothing is claimed.")
    return parts.joined(separator: " ")
  }

  private static func table(
    _ experiment: ExperimentResult, _ points: [PointResult]
  ) -> Markdown.Table {
    var table = Markdown.Table()
    table.columns = [
      (experiment.account.axis, .left), ("processes", .right), ("blocks kept", .right),
      ("dropped", .left), ("calls a sample", .right), ("stopped", .left),
      ("baseline against itself", .right), ("time", .right),
    ]
    table.rows = points.map { point in
      [
        Markdown.text(point.parameter.label), String(point.processes), String(point.blocks),
        dropped(point), String(point.iterations), stopped(point.stop),
        point.null.map(Figures.ratio) ?? Figures.none,
        Figures.duration(seconds: point.wallSeconds),
      ]
    }
    return table
  }

  private static func dropped(_ point: PointResult) -> String {
    let rules = point.discarded.filter { $0.value > 0 }.sorted { $0.key < $1.key }
    if rules.isEmpty { return "none" }
    return rules.map { "\($0.value) \(Markdown.text($0.key))" }.joined(separator: ", ")
  }

  private static func stopped(_ stop: StopReason?) -> String {
    switch stop {
    case .precise: "precise enough"
    case .budget: "budget spent"
    case .interrupted: "interrupted"
    case nil: Figures.none
    }
  }
}

/// How the executable was built.
enum BuildText {
  static func sentence(_ flags: BuildFlags) -> String {
    let set = flags.instructionSet.isEmpty ? "the default" : flags.instructionSet
    let features = flags.features.isEmpty ? "" : " (\(flags.features.joined(separator: ", ")))"
    let kind = flags.optimised ? "Built optimised" : "Built **without optimisation**"
    return "\(kind) by \(Markdown.text(flags.compiler)) for instruction set "
      + "\(Markdown.text(set + features))."
  }
}
