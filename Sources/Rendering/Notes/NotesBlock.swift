import Results

/// What stands in a marked place of someone's notes.
public enum NotesBlock {
  /// Of an experiment.
  /// - Parameters:
  ///   - request: of a kind that refers to an experiment.
  ///   - line: of the marker.
  ///   - inputs: what a whole page shows besides.
  ///   - link: from a path in the machine's folder to what the notes must say instead.
  /// - Throws: `NotesProblem` where the point is not in the sweep.
  public static func render(
    _ request: NotesRequest, line: Int, experiment: ExperimentResult, of results: Results,
    with inputs: PageInputs, link: (String) -> String
  ) throws(NotesProblem) -> String {
    let shown = try narrowed(experiment, to: request.point, line: line)
    let block =
      switch request.kind {
      case .line: Answer.markdown(shown)
      case .speedup: figure(shown)
      case .table: PointTable.render(shown)
      case .chart: chart(shown, results.machine, link)
      case .code: SourceBlock.render(shown)
      case .diagram: DiagramBlock.render(shown)
      case .page:
        ExperimentPage.render(shown, of: results, with: inputs, level: 2, link: link)
      case .numbers, .summary, .conditions: ""
      }
    // Nothing to show has a reason, which the answer says.
    return block.isEmpty ? Answer.markdown(shown) : block
  }

  /// Of a machine: its summary or its conditions.
  public static func render(
    _ kind: NotesRequest.Kind, of results: Results, link: (String) -> String
  ) -> String {
    kind == .conditions
      ? ConditionTable.render(results.conditions)
      : IndexPage.summary(results, link: link) + "\n"
        + IndexTable.render(results.experiments, link: link)
  }

  /// Of a machine: its numbers.
  public static func render(_ numbers: Numbers) -> String {
    NumbersPage.groups(numbers).map { group in
      "**\(Markdown.text(group))**\n\n"
        + NumbersPage.table(numbers.entries.filter { $0.group == group }).render()
    }.joined(separator: "\n")
  }

  private static func narrowed(
    _ experiment: ExperimentResult, to label: String?, line: Int
  ) throws(NotesProblem) -> ExperimentResult {
    guard let label else { return experiment }
    var result = experiment
    result.points = experiment.points.filter { $0.parameter.label == label }
    guard result.points.isEmpty else { return result }
    let labels = experiment.points.map { "'\($0.parameter.label)'" }.joined(separator: ", ")
    throw NotesProblem(
      line: line,
      reason: "\(experiment.id) has no point '\(label)'; "
        + (labels.isEmpty ? "none of its points was measured" : "it has \(labels)"))
  }

  /// The figure with its interval and the range over the sweep; what is no clear effect says so.
  private static func figure(_ experiment: ExperimentResult) -> String {
    guard let candidate = experiment.headline?.candidate, let speedup = candidate.speedup else {
      return experiment.status == .measured ? "not measured" : experiment.status.rawValue
    }
    let isClear = candidate.verdict == .faster || candidate.verdict == .slower
    let range = HeadlineText.range(experiment).map { ", \($0) over the sweep" } ?? ""
    return (isClear ? "" : "\(candidate.verdict.rawValue) ") + Figures.ratio(speedup) + range
  }

  private static func chart(
    _ experiment: ExperimentResult, _ machine: Machine, _ link: (String) -> String
  ) -> String {
    guard ExperimentCharts.speedup(experiment, machine: machine) != nil else { return "" }
    return Markdown.image(
      "\(experiment.title) on \(machine.name): \(Answer.plain(experiment))",
      path: link(PagePath(experiment).speedup))
  }
}
