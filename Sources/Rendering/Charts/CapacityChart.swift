import Results

/// Capacity against need over time, for plans of growth.
public enum CapacityChart {
  /// One line.
  public struct Line: Sendable {
    let name: String
    let points: [(x: Double, value: Double)]
    let isDashed: Bool

    /// - Parameters:
    ///   - name: in the legend.
    ///   - points: ascending in x; values above 0.
    ///   - isDashed: as for a need.
    public init(_ name: String, _ points: [(x: Double, value: Double)], isDashed: Bool = false) {
      (self.name, self.points, self.isDashed) = (name, points, isDashed)
    }
  }

  /// The chart as an SVG document.
  /// - Parameters:
  ///   - axis: what x is.
  ///   - ticks: of x, with their labels.
  ///   - lines: at least one with at least one point.
  public static func svg(
    title: String, subtitle: String, axis: String, ticks: [(x: Double, label: String)],
    lines: [Line]
  ) -> String {
    let series = lines.enumerated().map { index, line in
      LineChart.Series(
        name: line.name, ink: line.isDashed ? .baseline : .series(index), mark: .of(index),
        isDashed: line.isDashed,
        runs: [
          line.points.map {
            LineChart.Sample(
              x: $0.x, value: Interval(estimate: $0.value, low: $0.value, high: $0.value))
          }
        ])
    }
    let words = lines.map { line in
      "\(line.name): "
        + line.points.map { "\(Figures.short($0.x)) \(Figures.short($0.value))" }
        .joined(separator: ", ")
    }
    return SVG.render(
      LineChart(
        title: title, subtitle: subtitle, description: words.joined(separator: "; ") + ".",
        xAxis: axis, format: .quantity(.count),
        ticks: ticks.map { LineChart.Place(x: $0.x, label: $0.label) }, series: series
      ).drawing())
  }
}
