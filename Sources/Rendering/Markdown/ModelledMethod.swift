import Results

/// How a simulated or a computed experiment came to its figures.
enum ModelledMethod {
  /// What was done, what its intervals mean, and what the baseline against itself shows; then the
  /// points, and what they were computed from.
  static func render(_ experiment: ExperimentResult) -> String {
    let points = experiment.measuredPoints
    let blocks =
      experiment.knownBy == .simulated
      ? [simulated, table(experiment, points, "replications", { $0.processes }).render()]
      : [
        computed, table(experiment, points, "draws", { $0.blocks }).render(),
        InputTable.render(experiment),
      ]
    return (points.isEmpty ? Array(blocks.prefix(1)) : blocks).filter { !$0.isEmpty }
      .joined(separator: "\n")
  }

  private static let simulated = """
    A replication is one run of the whole system. All variants of a replication are given the same \
    random numbers (*common random numbers*: the same arrivals, the same demands), so that their \
    ratio is paired; the interval is over the replications. *Baseline against itself* is the \
    baseline with other random numbers: it shows how much chance alone does, and below its spread \
    nothing is claimed.

    """

  private static let computed = """
    Every variant was computed for thousands of draws of its inputs, the same draw for all \
    variants: log-normal where an input was measured or cited with an interval, uniform where it \
    is an assumption. 95 % of the draws lie in the interval. *Baseline against itself* is the \
    baseline over other draws: it shows what the number of draws leaves open.

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
        Markdown.text(point.parameter.label), Figures.grouped(String(count(point))),
        MethodText.stopped(point.stop), point.null.map(Figures.ratio) ?? Figures.none,
        Figures.duration(seconds: point.wallSeconds),
      ]
    }
    return table
  }
}
