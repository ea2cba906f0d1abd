import Results

/// JSON of github-action-benchmark's two custom tools: name, unit, value, and its interval in words.
/// Source: benchmark-action/github-action-benchmark, README.md (`customBiggerIsBetter`,
/// `customSmallerIsBetter`) and `src/extract.ts`.
enum GitHubAction {
  /// Times of a call, and other metrics of which less is better.
  static func smaller(_ all: [Export.Series]) -> Export {
    let own = all.filter(\.metric.lowerIsBetter)
    return Export(own) {
      [entry($0)]
    } root: {
      .array($0)
    }
  }

  /// Speedups, and metrics of which more is better.
  static func bigger(_ all: [Export.Series], _ results: Results) -> Export {
    let values = all.filter { !$0.metric.lowerIsBetter }.map(entry)
    let speedups = results.experiments.flatMap { experiment in
      experiment.points.filter { $0.status == .measured }.flatMap { point in
        point.candidates.compactMap { speedup($0, point, experiment) }
      }
    }
    let all = speedups + values
    return Export(text: JSON.array(all).text, count: all.count)
  }

  private static func speedup(
    _ candidate: CandidateResult, _ point: PointResult, _ experiment: ExperimentResult
  ) -> JSON? {
    guard let speedup = candidate.speedup else { return nil }
    return .object([
      .init(
        "name", .string("\(experiment.id): \(candidate.name) (\(point.parameter.label)), speedup")),
      .init("unit", .string("×")), .init("value", .number(speedup.estimate)),
      .init("range", .string(range(speedup))),
      .init("extra", .string("verdict: \(candidate.verdict.rawValue)\n" + extra(point))),
    ])
  }

  private static func entry(_ series: Export.Series) -> JSON {
    let unit = series.metric.isTime ? "ns/op" : series.variant.unit.rawValue
    let name = series.metric.isTime ? series.name : "\(series.name), \(series.metric.name)"
    return .object([
      .init("name", .string(name)), .init("unit", .string(unit)),
      .init("value", .number(series.variant.estimate)),
      .init("range", .string(range(series.variant.interval))),
      .init("extra", .string(extra(series.point))),
    ])
  }

  private static func range(_ interval: Interval) -> String {
    "\(Figures.number(interval.low, digits: 4))–\(Figures.number(interval.high, digits: 4))"
  }

  private static func extra(_ point: PointResult) -> String {
    "processes: \(point.processes)\nblocks: \(point.blocks)"
      + (point.null.map { "\nbaseline against itself: \(Figures.ratio($0))" } ?? "")
  }
}
