import Results

/// How a simulated or a computed experiment came to its figures.
enum ModelledMethod {
  /// What was done, what its intervals mean, and what the baseline against itself shows; then the
  /// points, and what they were computed from.
  static func render(_ experiment: ExperimentResult) -> String {
    let points = experiment.measuredPoints
    let blocks =
      experiment.knownBy == .simulated
      ? [
        simulated, table(experiment, points, "replications", { $0.processes }).render(),
        InputTable.render(experiment),
      ]
      : [
        computed, table(experiment, points, "draws", { $0.blocks }).render(),
        InputTable.render(experiment),
      ]
    return (points.isEmpty ? Array(blocks.prefix(1)) : blocks).filter { !$0.isEmpty }
      .joined(separator: "\n")
  }

  private static let simulated = """
    A replication is one run of the whole system. In a replication all variants use the same \
    random numbers (*common random numbers*: the same arrivals, the same service demands), so that \
    their ratio is paired. The interval is over the replications. *Baseline against itself* \
    compares the baseline with a run of it on other random numbers: it shows what chance alone \
    does, and no smaller effect is claimed.

    """

  private static let computed = """
    Every variant was computed for thousands of draws of its inputs, the same draws for all \
    variants. An input with a measured or cited interval is log-normal, an assumption is \
    uniform on either side of its value. \
    The interval holds 95 % of the results. *Baseline against itself* compares the baseline over \
    two sets of draws: it shows the error that the limited number of draws leaves.

    """

  private static func table(
    _ experiment: ExperimentResult, _ points: [PointResult], _ unit: String,
    _ count: (PointResult) -> Int
  ) -> Markdown.Table {
    var table = Markdown.Table()
    table.columns = [
      (experiment.account.axis, .left), (unit, .right), ("stopped", .left),
      ("baseline against itself", .right), ("time", .right),
    ]
    table.rows = points.map { point in
      [
        Markdown.text(Answer.label(point.parameter.label)), Figures.grouped(String(count(point))),
        MethodText.stopped(point.stop), point.null.map(Figures.ratio) ?? Figures.none,
        Figures.duration(seconds: point.wallSeconds),
      ]
    }
    return table
  }
}
