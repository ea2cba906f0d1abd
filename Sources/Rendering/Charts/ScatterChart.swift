import Results

/// Predicted against measured, with the diagonal and the band within which a model stands.
struct ScatterChart: Equatable {
  /// One prediction and what came of it.
  struct Dot: Equatable {
    var name: String
    var predicted: Double
    var measured: Interval
    var group: Int
    /// Named in the picture where there is room.
    var isRefuted: Bool
  }

  var title: String
  var subtitle: String
  var description: String
  /// Names of the groups, by index.
  var groups: [String]
  var dots: [Dot]
  /// Half-width of the band as a share of the measurement.
  var band: Double

  private static let left = Layout.margin + 46
  private static let side = Layout.width - Layout.margin - left - 6

  /// The picture.
  func drawing() -> Drawing {
    let header = Header(title: title, subtitle: subtitle, legend: legend)
    let top = header.bottom + 6
    let values = dots.flatMap { [$0.predicted, $0.measured.estimate] }.filter { $0 > 0 } + [1]
    // Both axes have the same scale, or the diagonal would mean nothing.
    let x = Scale.fitting(values, from: Self.left, to: Self.left + Self.side, atLeast: 4)
    let y = Scale(
      isLogarithmic: true, low: x.low, high: x.high, start: top + Self.side, end: top)
    let elements =
      header.elements + axes(x, y) + diagonal(x, y) + marks(x, y) + names(x, y)
    return Drawing(
      width: Layout.width, height: top + Self.side + 50, title: title, description: description,
      elements: elements)
  }

  private var legend: [LegendItem] {
    let used = Set(dots.map(\.group))
    return groups.indices.filter(used.contains).map {
      LegendItem(swatch: .series(.series($0), Mark.of($0), line: nil), text: groups[$0])
    } + [
      LegendItem(
        swatch: .band(.noise, opacity: 0.25), text: "within \(Figures.percent(band))")
    ]
  }

  private func axes(_ x: Scale, _ y: Scale) -> [Element] {
    var parts: [Element] = []
    for tick in x.ticks() {
      let (px, py) = (x.position(tick), y.position(tick))
      let text = AxisFormat.ratio.text(tick)
      parts += [
        .line(Position(px, y.end), Position(px, y.start + 4), Stroke(.grid)),
        .line(Position(x.start - 4, py), Position(x.end, py), Stroke(.grid)),
        .text(
          Label(
            text, at: Position(px, y.start + 19), size: Layout.smallSize, anchor: .middle,
            ink: .muted)),
        .text(
          Label(
            text, at: Position(x.start - 8, py + 4), size: Layout.smallSize, anchor: .end,
            ink: .muted)),
      ]
    }
    parts.append(
      .text(
        Label(
          "predicted speedup → · measured ↑", at: Position((x.start + x.end) / 2, y.start + 40),
          size: Layout.smallSize, anchor: .middle, ink: .muted)))
    return parts
  }

  private func diagonal(_ x: Scale, _ y: Scale) -> [Element] {
    // Within the band means predicted = measured × (1 ± band), so measured = predicted ÷ (1 ± band).
    let (upper, lower) = (1 / (1 - band), 1 / (1 + band))
    let corners = [
      Position(x.start, y.position(x.low * upper)),
      Position(x.position(x.high / upper), y.end), Position(x.end, y.end),
      Position(x.end, y.position(x.high * lower)),
      Position(x.position(x.low / lower), y.start), Position(x.start, y.start),
    ]
    let segments =
      [Segment.move(corners[0])] + corners.dropFirst().map { .line($0) } + [.close]
    return [
      .path(segments, fill: Fill(.noise, opacity: 0.25), stroke: nil),
      .line(Position(x.start, y.start), Position(x.end, y.end), Stroke(.axis, width: 1.4)),
    ]
  }

  private func marks(_ x: Scale, _ y: Scale) -> [Element] {
    dots.filter { $0.predicted > 0 && $0.measured.estimate > 0 }.map { dot in
      let place = x.position(dot.predicted)
      let ink = Ink.series(dot.group)
      let whisker = Element.line(
        Position(place, y.position(dot.measured.low)),
        Position(place, y.position(dot.measured.high)), Stroke(ink, width: 1.6))
      let mark = Mark.of(dot.group).element(
        at: Position(place, y.position(dot.measured.estimate)), radius: 4.2,
        fill: Fill(ink, opacity: 0.85), stroke: Stroke(.surface, width: 0.8))
      let title =
        "\(dot.name): predicted \(Figures.ratio(dot.predicted)), measured "
        + Figures.ratio(dot.measured)
      return .group([whisker, mark], title: title)
    }
  }

  /// Names beside the refuted, the worst first, as long as they do not run into one another.
  private func names(_ x: Scale, _ y: Scale) -> [Element] {
    var boxes = dots.map { dot in
      let px = x.position(dot.predicted)
      let py = y.position(dot.measured.estimate)
      return Box(
        left: px - 6, right: px + 6, top: min(py - 6, y.position(dot.measured.high)),
        bottom: max(py + 6, y.position(dot.measured.low)))
    }
    func miss(_ dot: Dot) -> Double { abs(log2(dot.predicted / dot.measured.estimate)) }
    let refuted = dots.filter { $0.isRefuted && $0.predicted > 0 && $0.measured.estimate > 0 }
      .sorted { (miss($0), $1.name) > (miss($1), $0.name) }
    var parts: [Element] = []
    var named: Set<String> = []
    for dot in refuted where !named.contains(dot.name) {
      let place = Position(x.position(dot.predicted), y.position(dot.measured.estimate))
      let width = TextMetrics.width(dot.name, size: Layout.smallSize)
      let free = Self.sides(of: place, width: width).first { _, box in
        box.left > x.start && box.right < Layout.width - 4 && box.top > y.end
          && box.bottom < y.start && !boxes.contains(where: box.overlaps)
      }
      guard let (anchor, box) = free else { continue }
      boxes.append(box)
      named.insert(dot.name)
      let at =
        switch anchor {
        case .start: box.left
        case .middle: place.x
        case .end: box.right
        }
      parts.append(
        .text(
          Label(
            dot.name, at: Position(at, box.bottom - 4), size: Layout.smallSize, anchor: anchor)))
    }
    return parts
  }

  /// Where a name may stand: right, below, above, left.
  private static func sides(of place: Position, width: Double) -> [(Label.Anchor, Box)] {
    let corners: [(Label.Anchor, x: Double, y: Double)] = [
      (.start, place.x + 9, place.y - 8), (.middle, place.x - width / 2, place.y + 10),
      (.middle, place.x - width / 2, place.y - 25), (.end, place.x - 9 - width, place.y - 8),
    ]
    return corners.map { anchor, x, y in
      (anchor, Box(left: x, right: x + width, top: y, bottom: y + 16))
    }
  }
}

/// Room that something takes.
struct Box: Equatable {
  let left, right, top, bottom: Double

  func overlaps(_ other: Box) -> Bool {
    left < other.right && other.left < right && top < other.bottom && other.top < bottom
  }
}
