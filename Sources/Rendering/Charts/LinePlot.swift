import Results

/// The plot of a line chart below its header: axes, bands, lines, marks.
struct LinePlot {
  private static let height = 220.0
  private static let radius = 3.8

  private let chart: LineChart
  private let top: Double
  private let x: Scale
  private let y: Scale
  private(set) var elements: [Element] = []

  /// Where the drawing ends.
  var bottom: Double { y.start + 50 }

  init(_ chart: LineChart, top: Double) {
    self.chart = chart
    // Landmarks have their labels in a strip of their own above the plot.
    self.top = top + (chart.landmarks.isEmpty ? 4 : 20)
    let samples = chart.series.flatMap { $0.runs.flatMap { $0 } } + chart.noise
    var values = samples.map(\.value.estimate)
    let isLogarithmic = values.allSatisfy { $0 > 0 }
    // An interval that reaches zero must not pull a log axis down for ever.
    let predictions = chart.series.flatMap(\.predictions)
    values += (samples + predictions).flatMap { [$0.value.low, $0.value.high] }
      .filter { !isLogarithmic || $0 > (values.min() ?? 0) / 10 }
    values += predictions.map(\.value.estimate).filter { $0 > 0 }
    if chart.showsUnity { values.append(1) }
    y = Scale.fitting(values, from: self.top + Self.height, to: self.top)
    let ticks = chart.format.ticks(on: y)
    let widest = ticks.map { TextMetrics.width(chart.format.text($0), size: Layout.smallSize) }
    let left = Layout.margin + (widest.max() ?? 0) + 8
    let places = chart.ticks.map(\.x) + chart.gaps
    x = Scale.fitting(
      places, from: left, to: Layout.width - Layout.margin - 6, atLeast: 1.01, air: 0.03)
    addAxes(ticks: ticks, left: left)
    addLandmarks()
    addNoise()
    for (index, series) in chart.series.enumerated() { add(series, index: index) }
    for gap in chart.gaps {
      elements.append(
        Mark.saltire.element(
          at: Position(x.position(gap), y.start - 8), radius: 4, fill: Fill(.muted), stroke: nil))
    }
  }

  private mutating func addAxes(ticks: [Double], left: Double) {
    let right = x.end + 6
    for tick in ticks {
      let place = y.position(tick)
      elements.append(.line(Position(left - 4, place), Position(right, place), Stroke(.grid)))
      elements.append(
        .text(
          Label(
            chart.format.text(tick), at: Position(left - 8, place + 4), size: Layout.smallSize,
            anchor: .end, ink: .muted)))
    }
    elements.append(
      .line(Position(left - 4, y.start), Position(right, y.start), Stroke(.axis)))
    if chart.showsUnity {
      let one = y.position(1)
      elements.append(
        .line(Position(left - 4, one), Position(right, one), Stroke(.axis, width: 1.4)))
    }
    addXTicks()
    elements.append(
      .text(
        Label(
          chart.xAxis, at: Position((left + right) / 2, y.start + 40), size: Layout.smallSize,
          anchor: .middle, ink: .muted)))
  }

  private mutating func addXTicks() {
    var line = LabelLine()
    var order = chart.ticks
    // The ends say how far the sweep went, so they come first.
    if order.count > 2 { order.insert(order.removeLast(), at: 1) }
    for tick in order {
      let text = short(tick.label)
      let place = x.position(tick.x)
      elements.append(
        .line(Position(place, y.start), Position(place, y.start + 4), Stroke(.axis)))
      let width = TextMetrics.width(text, size: Layout.smallSize)
      // A label at an end of the axis is moved inside the picture.
      let centre = max(4 + width / 2, min(place, Layout.width - 4 - width / 2))
      guard line.take(from: centre - width / 2, to: centre + width / 2) else { continue }
      elements.append(
        .text(
          Label(
            text, at: Position(centre, y.start + 19), size: Layout.smallSize,
            anchor: .middle, ink: .muted)))
    }
  }

  /// `8` for `8 services` where the axis is called services.
  private func short(_ label: String) -> String {
    let unit = " " + chart.xAxis
    return label.hasSuffix(unit) ? String(label.dropLast(unit.count)) : label
  }

  private mutating func addLandmarks() {
    var line = LabelLine()
    for landmark in chart.landmarks where landmark.x >= x.low && landmark.x <= x.high {
      let place = x.position(landmark.x)
      elements.append(
        .line(
          Position(place, top), Position(place, y.start), Stroke(.axis, dashes: [2, 3])))
      let width = TextMetrics.width(landmark.label, size: Layout.smallSize)
      let centre = min(max(place, Layout.margin + width / 2), Layout.width - 4 - width / 2)
      guard line.take(from: centre - width / 2, to: centre + width / 2, gap: 4) else { continue }
      elements.append(
        .text(
          Label(
            landmark.label, at: Position(centre, top - 5), size: Layout.smallSize,
            anchor: .middle, ink: .muted)))
    }
  }

  private mutating func addNoise() {
    elements += band(chart.noise, ink: .noise, opacity: 0.35, shift: 0)
    if chart.noise.count == 1 {
      elements.append(whisker(chart.noise[0], Stroke(.noise, width: 1.6), shift: 0))
    }
  }

  /// Series that lie on each other are set a little apart, so that each shows.
  private func shift(_ index: Int) -> Double {
    let step = min(4, 14 / Double(max(chart.series.count, 1)))
    return (Double(index) - Double(chart.series.count - 1) / 2) * step
  }

  private mutating func add(_ series: LineChart.Series, index: Int) {
    let shift = shift(index)
    var parts: [Element] = []
    for run in series.runs {
      parts += band(run, ink: series.ink, opacity: 0.18, shift: shift)
      if run.count > 1 {
        let places = run.map { place($0, shift: shift) }
        parts.append(
          .path(
            [.move(places[0])] + places.dropFirst().map { .line($0) }, fill: nil,
            stroke: chart.line(of: series)))
      }
    }
    for prediction in series.predictions where prediction.value.low > 0 {
      parts.append(whisker(prediction, .predicted(series.ink), shift: shift))
      parts.append(
        series.mark.element(
          at: place(prediction, shift: shift), radius: Self.radius + 2.4,
          fill: Fill(.surface, opacity: 0.8),
          stroke: Stroke(series.ink, width: 1.6)))
    }
    for sample in series.runs.flatMap({ $0 }) {
      let mark = series.mark.element(
        at: place(sample, shift: shift), radius: Self.radius, fill: Fill(series.ink), stroke: nil)
      parts.append(
        .group(
          [whisker(sample, Stroke(series.ink, width: 1.6), shift: shift), mark],
          title: hint(sample, series)))
    }
    elements.append(.group(parts, title: series.name))
  }

  /// `k chains, 4: 2.1 ns (2.0 ns to 2.2 ns), predicted 2.0 ns`
  private func hint(_ sample: LineChart.Sample, _ series: LineChart.Series) -> String {
    let tick = chart.ticks.first { $0.x == sample.x }?.label
    let (value, format) = (sample.value, chart.format)
    let predicted = series.predictions.first { $0.x == sample.x && $0.value.low > 0 }?.value
    return "\(series.name), \(tick ?? Figures.short(sample.x, digits: 4)): "
      + "\(format.text(value.estimate)) (\(format.text(value.low)) to \(format.text(value.high)))"
      + (predicted.map { ", predicted \(format.text($0.estimate))" } ?? "")
  }

  private func place(_ sample: LineChart.Sample, shift: Double) -> Position {
    Position(x.position(sample.x) + shift, y.position(sample.value.estimate))
  }

  private func band(
    _ run: [LineChart.Sample], ink: Ink, opacity: Double, shift: Double
  ) -> [Element] {
    guard run.count > 1 else { return [] }
    let upper = run.map { Position(x.position($0.x) + shift, y.position($0.value.high)) }
    let lower = run.map { Position(x.position($0.x) + shift, y.position($0.value.low)) }
    let outline = upper + lower.reversed()
    let segments =
      [Segment.move(outline[0])] + outline.dropFirst().map { .line($0) } + [.close]
    return [.path(segments, fill: Fill(ink, opacity: opacity), stroke: nil)]
  }

  private func whisker(_ sample: LineChart.Sample, _ stroke: Stroke, shift: Double) -> Element {
    let place = x.position(sample.x) + shift
    return .line(
      Position(place, y.position(sample.value.low)),
      Position(place, y.position(sample.value.high)), stroke)
  }
}
