import Results

/// Results as tables for the terminal.
public enum ResultTable {
  /// One row for each experiment, by its headline.
  public static func experiments(
    _ experiments: [ExperimentResult], width: Int, colour: Bool
  ) -> String {
    var table = TerminalTable([
      .init("experiment", shrinksTo: 18), .init("at", shrinksTo: 10),
      .init("speedup", alignsRight: true), .init("verdict"),
      .init("predicted", alignsRight: true), .init("error", alignsRight: true),
      .init("over the sweep", alignsRight: true),
    ])
    for experiment in experiments {
      guard let headline = experiment.headline else {
        let reason = experiment.reason ?? "nothing was measured"
        table.add([
          .init(experiment.id), .init(reason, .muted), .init(Figures.none, .muted),
          .init(experiment.status.rawValue, experiment.status == .failed ? .bad : .muted),
        ])
        continue
      }
      table.add(
        [.init(experiment.id), .init(HeadlineText.place(headline, of: experiment))]
          + cells(headline.candidate) + [.init(HeadlineText.range(experiment) ?? "", .muted)])
    }
    return table.render(width: width, colour: colour)
  }

  /// One row for each candidate at each point of an experiment.
  public static func points(
    _ experiment: ExperimentResult, width: Int, colour: Bool
  ) -> String {
    let view = MetricView(experiment)
    var table = TerminalTable([
      .init(experiment.account.axis, shrinksTo: 12), .init("variant", shrinksTo: 12),
      .init(view.name, alignsRight: true), .init("speedup", alignsRight: true),
      .init("verdict"), .init("predicted", alignsRight: true),
      .init("error", alignsRight: true), .init("peer, limit"),
    ])
    for point in experiment.points {
      let label = TerminalTable.Cell(point.parameter.label)
      guard let baseline = point.variants.first, point.status == .measured else {
        table.add([label, .init(Words.absence(nil, point), .muted)])
        continue
      }
      table.add([
        label, .init(baseline.name, .muted), .init(view.text(baseline, at: point), .muted),
        .init(point.null.map(Figures.ratio) ?? Figures.none, .muted), .init("baseline", .muted),
      ])
      for candidate in point.candidates {
        let value = point.variants.first { $0.name == candidate.name }
        let figure = value.map { view.text($0, at: point) } ?? Figures.none
        let name = experiment.label(candidate.name)
        let yardstick = YardstickText.short(
          peer: experiment.ratio(of: candidate, to: .peer),
          limit: experiment.ratio(of: candidate, to: .limit))
        table.add(
          [.init(""), .init(name), .init(figure)] + cells(candidate) + [.init(yardstick ?? "")])
      }
    }
    return table.render(width: width, colour: colour)
  }

  /// Speedup, verdict, prediction, error.
  private static func cells(_ candidate: CandidateResult) -> [TerminalTable.Cell] {
    let style: TerminalTable.Style =
      switch candidate.verdict {
      case .faster: .good
      case .slower: .bad
      case .unresolved: .warning
      case .same, .skipped: .muted
      }
    let error = candidate.predictionError.map(Figures.predictionError) ?? ""
    return [
      .init(candidate.speedup.map(Figures.ratio) ?? Figures.none, .bold),
      .init(candidate.verdict.rawValue, style),
      .init(candidate.predicted.map { Figures.ratio($0.speedup) } ?? ""),
      .init(error, candidate.isRefuted == true ? .warning : .plain),
    ]
  }
}
