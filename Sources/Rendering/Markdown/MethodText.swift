import Results

/// How an experiment's figures were found.
enum MethodText {
  /// The run in a paragraph, then a table of the points with what was kept and what was dropped, or
  /// what was simulated or computed.
  /// - Parameters:
  ///   - latest: the run that the machine's index describes, with what holds for all of them.
  ///   - index: a link to it.
  static func render(_ experiment: ExperimentResult, latest: Run, index: String) -> String {
    let run = experiment.run ?? latest
    let parts = [
      run.started == latest.started
        ? "In the run that [the index](\(index)) describes." : RunText.sentences(run),
      duration(experiment), Markdown.text(YardstickText.versions(experiment)),
    ]
    let points = experiment.points.filter { $0.blocks > 0 || !$0.discarded.isEmpty }
    let isMeasured = experiment.knownBy == .measured
    let blocks = [
      parts.filter { !$0.isEmpty }.joined(separator: " ") + "\n",
      !isMeasured
        ? ModelledMethod.render(experiment)
        : points.isEmpty ? "" : table(experiment, points).render(),
      warnings(experiment),
    ]
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func duration(_ experiment: ExperimentResult) -> String {
    let wall = experiment.points.reduce(0) { $0 + $1.wallSeconds }
    let timed = experiment.points.reduce(0) { $0 + $1.timedSeconds }
    guard wall > 0 else { return "" }
    let share =
      experiment.knownBy == .measured
      ? ", \(Figures.percent(timed / wall)) of it inside timed samples" : ""
    return "It took \(Figures.duration(seconds: wall))\(share)."
  }

  /// A line for each, with all points that share it.
  private static func warnings(_ experiment: ExperimentResult) -> String {
    var groups: [(warning: String, places: [String])] = []
    for point in experiment.points {
      let place = Answer.place(point, experiment.account.axis)
      for warning in point.warnings {
        if let index = groups.firstIndex(where: { $0.warning == warning }) {
          groups[index].places.append(place)
        } else {
          groups.append((warning, [place]))
        }
      }
    }
    guard !groups.isEmpty else { return "" }
    return "Warnings:\n\n"
      + groups.map { warning, places in
        "- \(Markdown.text(Answer.listed(places))): \(Markdown.text(Answer.ended(warning)))\n"
      }.joined()
  }

  private static func table(
    _ experiment: ExperimentResult, _ points: [PointResult]
  ) -> Markdown.Table {
    var table = Markdown.Table()
    table.columns = [
      (experiment.account.axis, .left), ("processes", .right), ("blocks kept", .right),
      ("dropped", .left), ("calls per sample", .right), ("stopped", .left),
      ("baseline against itself", .right), ("time", .right),
    ]
    table.rows = points.map { point in
      [
        Markdown.text(Answer.label(point.parameter.label)), String(point.processes),
        String(point.blocks),
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

  static func stopped(_ stop: StopReason?) -> String {
    switch stop {
    case .precise: "precise enough"
    case .budget: "budget spent"
    case .interrupted: "interrupted"
    case nil: Figures.none
    }
  }
}
