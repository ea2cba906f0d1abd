import Results

/// The charts of a series of comparisons of known ratio.
enum CalibrationCharts {
  /// By the name of their file. Empty where nothing was compared.
  static func all(_ series: CalibrationSeries) -> [(name: String, drawing: Drawing)] {
    let summary = CalibrationSummary(series)
    var charts: [(String, Drawing)] = []
    if let drawing = found(summary) { charts.append(("found", drawing)) }
    if let drawing = errors(summary) { charts.append(("identical", drawing)) }
    return charts
  }

  /// The share found against the size of the planted slowdown, one line a kind.
  private static func found(_ summary: CalibrationSummary) -> Drawing? {
    let percents = summary.all.planted.map(\.percent)
    guard percents.count > 1 else { return nil }
    let series = summary.kinds.enumerated().map { index, member in
      let samples = member.row.planted.compactMap { effect -> LineChart.Sample? in
        guard let share = effect.found.share else { return nil }
        let percent = Interval(
          estimate: 100 * share.estimate, low: 100 * share.low, high: 100 * share.high)
        return LineChart.Sample(x: Double(effect.percent), value: percent)
      }
      return LineChart.Series(
        name: member.kind.name, ink: .series(index), mark: .of(index), runs: [samples])
    }
    let words = summary.kinds.map { kind, row in
      let shares = row.planted.map { "\($0.percent)%: \($0.found.hits) of \($0.found.trials)" }
      return "\(kind.name) \(shares.joined(separator: ", "))"
    }
    return LineChart(
      title: "Planted slowdowns found",
      subtitle: "Share of comparisons whose interval excludes 1, with its 95% interval",
      description: words.joined(separator: "; ") + ".", xAxis: "planted slowdown",
      format: .quantity(.share),
      ticks: percents.map { LineChart.Place(x: Double($0), label: "\($0)%") }, series: series
    ).drawing()
  }

  /// The 95th percentile of |ratio − 1| for identical code, by kind.
  private static func errors(_ summary: CalibrationSummary) -> Drawing? {
    let groups = summary.kinds.enumerated().compactMap { index, member -> DotPlot.Group? in
      let parts = [("same function", member.row.same), ("two copies", member.row.copy)]
      let rows = parts.compactMap { name, identical in
        identical.error95.map { error in
          let percent = max(100 * error, 0.001)
          return DotPlot.Row(
            label: name, value: Interval(estimate: percent, low: percent, high: percent),
            text: Figures.fixed(percent, places: 2) + " %", ink: .series(index), mark: .of(index))
        }
      }
      return rows.isEmpty ? nil : DotPlot.Group(title: member.kind.title, rows: rows)
    }
    guard !groups.isEmpty else { return nil }
    let words = groups.flatMap { group in
      group.rows.map { "\(group.title), \($0.label): \($0.text)" }
    }
    return DotPlot(
      title: "Apparent difference of identical code",
      subtitle: "95th percentile of |ratio − 1|, in percent; lower is better",
      description: words.joined(separator: "; ") + ".", format: .quantity(.share), groups: groups
    ).drawing()
  }
}
