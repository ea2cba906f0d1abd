import Results

/// Lines over a numeric axis, each with the band of its intervals.
public struct LineChart: Hashable, Sendable {
  /// One value with its place on the axis.
  public struct Sample: Hashable, Sendable {
    public var x: Double
    public var value: Interval

    public init(x: Double, value: Interval) {
      self.x = x
      self.value = value
    }
  }

  /// One line.
  public struct Series: Hashable, Sendable {
    public var name: String
    public var ink: Ink
    public var mark: Mark
    /// A dashed line, as for a baseline.
    public var isDashed: Bool
    /// Runs of neighbours: where a point is missing, a new run begins and the line is broken.
    public var runs: [[Sample]]
    /// What was expected, drawn hollow.
    public var predictions: [Position]

    public init(
      name: String, ink: Ink, mark: Mark, isDashed: Bool = false, runs: [[Sample]],
      predictions: [Position] = []
    ) {
      self.name = name
      self.ink = ink
      self.mark = mark
      self.isDashed = isDashed
      self.runs = runs
      self.predictions = predictions
    }
  }

  /// A named place on the x axis: a tick, or a landmark such as the size of a cache.
  public struct Place: Hashable, Sendable {
    public var x: Double
    public var label: String

    public init(x: Double, label: String) {
      self.x = x
      self.label = label
    }
  }

  public var title: String
  public var subtitle: String
  public var description: String
  public var xAxis: String
  public var format: AxisFormat
  /// The first and the last are set first, the others where there is room.
  public var ticks: [Place]
  public var landmarks: [Place]
  /// Places where nothing was measured.
  public var gaps: [Double]
  public var series: [Series]
  /// The band of the null around 1; the axis then shows 1 as a line.
  public var noise: [Sample]
  public var noiseName: String
  public var showsUnity: Bool
  /// Whether a mark is drawn at each sample.
  public var showsMarks: Bool

  public init(
    title: String, subtitle: String, description: String, xAxis: String, format: AxisFormat,
    ticks: [Place], landmarks: [Place] = [], gaps: [Double] = [], series: [Series],
    noise: [Sample] = [], noiseName: String = "", showsUnity: Bool = false,
    showsMarks: Bool = true
  ) {
    self.title = title
    self.subtitle = subtitle
    self.description = description
    self.xAxis = xAxis
    self.format = format
    self.ticks = ticks
    self.landmarks = landmarks
    self.gaps = gaps
    self.series = series
    self.noise = noise
    self.noiseName = noiseName
    self.showsUnity = showsUnity
    self.showsMarks = showsMarks
  }

  /// The picture.
  public func drawing() -> Drawing {
    let header = Header(title: title, subtitle: subtitle, legend: legend)
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
      items.append(LegendItem(swatch: .series(.muted, .cross, line: nil), text: "not measured"))
    }
    return items
  }
}
