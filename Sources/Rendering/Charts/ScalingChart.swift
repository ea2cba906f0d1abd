import Results

/// How each variant's throughput grows with the threads of a sweep, beside what would be ideal.
enum ScalingChart {
  /// Each variant over itself at the first value; nil where the sweep is of something else, or two
  /// values were measured, which a line says no more of than the table.
  static func drawing(_ experiment: ExperimentResult) -> Drawing? {
    let scaling = experiment.scaling
    let steps = scaling.flatMap(\.steps).map { Double($0.parameter.value) }
    guard let first = experiment.measuredPoints.first, let last = steps.max(),
      Set(steps).count > 1
    else { return nil }
    let start = Double(first.parameter.value)
    let names = experiment.variantNames
    let lines = scaling.map { variant in
      let index = names.firstIndex(of: variant.variant) ?? 0
      let samples = variant.steps.map {
        LineChart.Sample(x: Double($0.parameter.value), value: $0.speedup)
      }
      return LineChart.Series(
        name: variant.variant, ink: experiment.ink(variant.variant, index), mark: .of(index),
        runs: [[one(at: start)] + samples])
    }
    let end = Interval(estimate: last / start, low: last / start, high: last / start)
    let ideal = LineChart.Series(
      name: "ideal", ink: .muted, mark: .of(names.count), isDashed: true,
      runs: [[one(at: start), LineChart.Sample(x: last, value: end)]])
    let axis = experiment.account.axis
    let words = scaling.map { variant in
      let figures = variant.steps.map { "\($0.parameter.label): \(Figures.ratio($0.speedup))" }
      return "\(variant.variant) at \(figures.joined(separator: ", "))"
    }
    return LineChart(
      title: "Speedup over its own throughput \(Answer.at(first, experiment.account))",
      subtitle: experiment.title, description: "\(words.joined(separator: "; ")).", xAxis: axis,
      format: .ratio,
      ticks: experiment.measuredPoints.map {
        LineChart.Place(x: Double($0.parameter.value), label: $0.parameter.label)
      }, series: lines + [ideal]
    ).drawing()
  }

  private static func one(at start: Double) -> LineChart.Sample {
    LineChart.Sample(x: start, value: Interval(estimate: 1, low: 1, high: 1))
  }
}
