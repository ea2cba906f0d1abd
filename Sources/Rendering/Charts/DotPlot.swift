import Results

/// Rows of dots on a shared axis: for axes that carry names, and for lists of experiments.
struct DotPlot: Equatable {
  /// One row.
  struct Row: Equatable {
    var label: String
    /// Nil where nothing was measured; `text` then says why.
    var value: Interval?
    /// A range drawn faintly behind: the smallest and largest value over a sweep.
    var range: Interval? = nil
    var predicted: Double? = nil
    /// The interval of the prediction, drawn as a dashed line.
    var predictedRange: Interval? = nil
    /// Written at the row's end.
    var text: String
    var ink: Ink
    var mark: Mark
  }

  /// Rows under a common heading.
  struct Group: Equatable {
    var title: String
    var rows: [Row]
    /// The null's interval, drawn as a band through the group.
    var noise: Interval? = nil
  }

  var title: String
  var subtitle: String
  var description: String
  var format: AxisFormat
  var groups: [Group]
  var showsUnity = false
  var noiseName = ""
  /// What the hollow marks stand for.
  var hollowName = "predicted"
  /// What `range` stands for; empty where no row has one.
  var rangeName = ""

  /// The picture.
  func drawing() -> Drawing {
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
      items.append(LegendItem(swatch: .hollow(.muted, .circle), text: hollowName))
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
