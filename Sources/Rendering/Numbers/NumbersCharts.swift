import Results

/// The charts of a machine's numbers.
enum NumbersCharts {
  /// Everything that is a time, on one log axis, with the often-quoted figures beside it.
  static func times(_ numbers: Numbers) -> Drawing? {
    let groups = NumbersPage.groups(numbers).compactMap { group -> DotPlot.Group? in
      let rows = numbers.entries.filter { $0.group == group }.compactMap(row)
      return rows.isEmpty ? nil : DotPlot.Group(title: group, rows: rows)
    }
    guard !groups.isEmpty else { return nil }
    let words = groups.flatMap(\.rows).map { "\($0.label) \($0.text)" }
    return DotPlot(
      title: "Cost of basic operations on \(numbers.machine.name)",
      subtitle: numbers.machine.processor,
      description: words.joined(separator: ", ") + ".", format: .quantity(.nanoseconds),
      groups: groups, hollowName: "often quoted"
    ).drawing()
  }

  private static func row(_ entry: NumberEntry) -> DotPlot.Row? {
    guard let quantity = entry.quantity, quantity.unit == .nanoseconds, quantity.estimate > 0
    else { return nil }
    return DotPlot.Row(
      label: entry.title, value: quantity.interval,
      predicted: ReferenceFigures.all[entry.name]?.value,
      text: Figures.quantity(quantity.estimate, unit: .nanoseconds), ink: .series(0),
      mark: .circle)
  }

  /// A curve as a line, a surface as a map; nil where there is too little to draw.
  /// - Parameter team: which processors a series over them means; nil where that is not known.
  static func series(
    _ series: Series, machine: Machine, team: [TeamProcessor]? = nil
  ) -> Drawing? {
    guard series.points.count > 1, let unit = series.points.first?.quantity.unit else {
      return nil
    }
    if let matrix = ProcessorMatrix(series, team) {
      return matrix.drawing(series, unit: unit, machine: machine)
    }
    return series.y == nil ? curve(series, unit, machine) : surface(series, unit, machine)
  }

  private static func landmarks(_ axis: SeriesAxis, _ machine: Machine) -> [LineChart.Place] {
    guard axis.name == "working set" else { return [] }
    return machine.caches.sorted { $0.level < $1.level }.map {
      LineChart.Place(x: Double($0.bytes), label: "L\($0.level)")
    }
  }

  private static func curve(_ series: Series, _ unit: Unit, _ machine: Machine) -> Drawing {
    let samples = series.points.map { LineChart.Sample(x: $0.x, value: $0.quantity.interval) }
    let (low, high) = (samples.map(\.x).min() ?? 1, samples.map(\.x).max() ?? 1)
    let values =
      series.x.unit == .bytes
      ? Ticks.powersOfTwo(low: low, high: high, limit: 7)
      : Ticks.logarithmic(low: low, high: high, limit: 7)
    let words = series.points.map { point in
      "\(Figures.tick(point.x, unit: series.x.unit)) "
        + Figures.quantity(point.quantity.estimate, unit: unit)
    }
    return LineChart(
      title: series.title, subtitle: machine.processor,
      description: words.joined(separator: ", ") + ".", xAxis: series.x.name,
      format: .quantity(unit),
      ticks: values.map { LineChart.Place(x: $0, label: Figures.tick($0, unit: series.x.unit)) },
      landmarks: landmarks(series.x, machine),
      series: [
        LineChart.Series(name: series.title, ink: .series(0), mark: .circle, runs: [samples])
      ], showsLegend: false
    ).drawing()
  }

  private static func surface(_ series: Series, _ unit: Unit, _ machine: Machine) -> Drawing? {
    guard let second = series.y else { return nil }
    let rows = Set(series.points.map(\.x)).sorted()
    let columns = Set(series.points.compactMap(\.y)).sorted()
    let cells = rows.map { row in
      columns.map { column in
        series.points.first { $0.x == row && $0.y == column }?.quantity.estimate
      }
    }
    return HeatMap(
      title: series.title, subtitle: machine.processor, description: series.method,
      rowAxis: series.x.name, columnAxis: second.name, unit: unit,
      rows: rows.map { Figures.tick($0, unit: series.x.unit) },
      columns: columns.map { Figures.tick($0, unit: second.unit) }, cells: cells,
      landmarks: landmarks(series.x, machine).compactMap { landmark in
        // A cache ends below the last row that fits in it.
        rows.lastIndex { $0 <= landmark.x }.map { ($0 + 1, landmark.label) }
      }.filter { $0.0 < rows.count }
    ).drawing()
  }
}
