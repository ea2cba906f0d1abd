import Results

/// Lines over a numeric axis, each with the band of its intervals.
struct LineChart: Equatable {
  /// One value with its place on the axis.
  struct Sample: Equatable {
    var x: Double
    var value: Interval
  }

  /// One line.
  struct Series: Equatable {
    var name: String
    var ink: Ink
    var mark: Mark
    /// A dashed line, as for a baseline.
    var isDashed = false
    /// Runs of neighbours: where a point is missing, a new run begins and the line is broken.
    var runs: [[Sample]]
    /// What was expected, drawn hollow.
    var predictions: [Sample] = []
  }

  /// A named place on the x axis: a tick, or a landmark such as the size of a cache.
  struct Place: Equatable {
    var x: Double
    var label: String
  }

  var title: String
  var subtitle: String
  var description: String
  var xAxis: String
  var format: AxisFormat
  /// The first and the last are set first, the others where there is room.
  var ticks: [Place]
  var landmarks: [Place] = []
  /// Places where nothing was measured.
  var gaps: [Double] = []
  var series: [Series]
  /// The band of the null around 1; the axis then shows 1 as a line.
  var noise: [Sample] = []
  var noiseName = ""
  var showsUnity = false
  /// A single series that has the chart's title needs none.
  var showsLegend = true

  /// The picture.
  func drawing() -> Drawing {
    let header = Header(title: title, subtitle: subtitle, legend: showsLegend ? legend : [])
    let plot = LinePlot(self, top: header.bottom)
    return Drawing(
      width: Layout.width, height: plot.bottom, title: title, description: description,
      elements: header.elements + plot.elements)
  }

  func line(of series: Series) -> Stroke {
    Stroke(series.ink, width: 2, dashes: series.isDashed ? [6, 4] : [])
  }

  private var legend: [LegendItem] {
    var items = series.map {
      LegendItem(swatch: .series($0.ink, $0.mark, line: line(of: $0)), text: $0.name)
    }
    let predicted = series.filter { !$0.predictions.isEmpty }
    if let first = predicted.first {
      let ink = predicted.count == 1 ? first.ink : .muted
      items.append(LegendItem(swatch: .hollow(ink, first.mark), text: "predicted"))
    }
    if !noise.isEmpty {
      items.append(LegendItem(swatch: .band(.noise, opacity: 0.35), text: noiseName))
    }
    if !gaps.isEmpty {
      items.append(LegendItem(swatch: .series(.muted, .saltire, line: nil), text: "not measured"))
    }
    return items
  }
}
