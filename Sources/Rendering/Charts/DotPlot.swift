import Results

/// Rows of dots on a shared axis: for axes that carry names, and for lists of experiments.
public struct DotPlot: Hashable, Sendable {
  /// One row.
  public struct Row: Hashable, Sendable {
    public var label: String
    /// Nil where nothing was measured; `text` then says why.
    public var value: Interval?
    /// A range drawn faintly behind: the smallest and largest value over a sweep.
    public var range: Interval?
    public var predicted: Double?
    /// Written at the row's end.
    public var text: String
    public var ink: Ink
    public var mark: Mark

    public init(
      label: String, value: Interval?, range: Interval? = nil, predicted: Double? = nil,
      text: String, ink: Ink, mark: Mark
    ) {
      self.label = label
      self.value = value
      self.range = range
      self.predicted = predicted
      self.text = text
      self.ink = ink
      self.mark = mark
    }
  }

  /// Rows under a common heading.
  public struct Group: Hashable, Sendable {
    public var title: String
    public var rows: [Row]
    /// The null's interval, drawn as a band through the group.
    public var noise: Interval?

    public init(title: String, rows: [Row], noise: Interval? = nil) {
      self.title = title
      self.rows = rows
      self.noise = noise
    }
  }

  public var title: String
  public var subtitle: String
  public var description: String
  public var format: AxisFormat
  public var groups: [Group]
  public var showsUnity: Bool
  public var noiseName: String
  /// What `range` stands for; empty where no row has one.
  public var rangeName: String

  public init(
    title: String, subtitle: String, description: String, format: AxisFormat, groups: [Group],
    showsUnity: Bool = false, noiseName: String = "", rangeName: String = ""
  ) {
    self.title = title
    self.subtitle = subtitle
    self.description = description
    self.format = format
    self.groups = groups
    self.showsUnity = showsUnity
    self.noiseName = noiseName
    self.rangeName = rangeName
  }

  /// The picture.
  public func drawing() -> Drawing {
    let header = Header(title: title, subtitle: subtitle, legend: legend)
    let plot = DotRows(self, top: header.bottom)
    return Drawing(
      width: Layout.width, height: plot.bottom, title: title, description: description,
      elements: header.elements + plot.elements)
  }

  private var legend: [LegendItem] {
    var items: [LegendItem] = []
    let rows = groups.flatMap(\.rows)
    if rows.contains(where: { $0.predicted != nil }) {
      items.append(LegendItem(swatch: .series(.muted, .circle, line: nil), text: "measured"))
      items.append(LegendItem(swatch: .hollow(.muted, .circle), text: "predicted"))
    }
    if rows.contains(where: { $0.range != nil }) {
      items.append(
        LegendItem(
          swatch: .rule(Stroke(.muted, width: 5, opacity: 0.3)), text: rangeName))
    }
    if groups.contains(where: { $0.noise != nil }) {
      items.append(LegendItem(swatch: .band(.noise, opacity: 0.35), text: noiseName))
    }
    return items
  }
}
