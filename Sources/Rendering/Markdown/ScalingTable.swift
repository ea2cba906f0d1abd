import Results

/// Speedup and efficiency over the threads of a sweep.
enum ScalingTable {
  /// Of every variant that shares its work among the threads; empty where there is one value or the
  /// sweep is of something else.
  static func render(_ experiment: ExperimentResult) -> String {
    let scaling = experiment.scaling
    let steps = scaling.flatMap(\.steps).map(\.parameter)
    guard let first = experiment.measuredPoints.first, !steps.isEmpty else { return "" }
    var table = Markdown.Table()
    table.columns =
      [(experiment.account.axis, .left)]
      + scaling.map { (experiment.label($0.variant), .right) }
    table.rows = experiment.measuredPoints.map(\.parameter).filter(steps.contains).map {
      parameter in
      let cells = scaling.map { variant in
        variant.steps.first { $0.parameter == parameter }.map(cell) ?? Figures.none
      }
      return [Markdown.text(Answer.label(parameter.label))] + cells
    }
    return """
      Speedup of each variant over its own throughput \
      \(Markdown.text(Answer.at(first, experiment.account))), and efficiency: that speedup divided \
      by the growth in \(Markdown.text(experiment.account.axis)).

      \(table.render())
      """
  }

  private static func cell(_ step: Scaling.Step) -> String {
    Markdown.text(Figures.ratio(step.speedup)) + "<br>"
      + Markdown.text(Figures.percent(step.efficiency))
  }
}
