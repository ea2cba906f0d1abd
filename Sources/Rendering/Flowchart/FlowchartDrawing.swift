/// Flowcharts as drawings, in the charts' own colours.
enum FlowchartDrawing {
  private static let margin = 4.0

  /// - Parameters:
  ///   - widest: how wide the drawing should be at most.
  ///   - title: what it shows.
  static func draw(_ chart: Flowchart, widest: Double, title: String) -> Drawing {
    let layout = FlowchartLayout(chart, widest: widest - 2 * margin)
    var elements = layout.boxes.filter { $0.shape == nil }.flatMap(frame)
    elements += layout.routes.flatMap { line($0, layout) }
    elements += layout.boxes.filter { $0.shape != nil }.flatMap(node)
    elements += layout.routes.flatMap(label)
    return Drawing(
      width: layout.width + 2 * margin, height: layout.height + 2 * margin, title: title,
      description: description(chart, layout),
      elements: elements.map { $0.moved(by: Position(margin, margin)) })
  }

  private static func description(_ chart: Flowchart, _ layout: FlowchartLayout) -> String {
    func name(_ id: String) -> String {
      layout.boxes.first { $0.id == id }.map { words($0.lines) } ?? id
    }
    let frames = layout.boxes.filter { $0.shape == nil }.map { words($0.lines) }
    let arrows = chart.edges.map { edge in
      "\(name(edge.from)) → \(name(edge.to))"
        + (edge.text.map { " (\(words($0.lines)))" } ?? "")
    }
    return (frames + arrows).map { $0 + "." }.joined(separator: " ")
  }

  private static func words(_ lines: [[Flowchart.Text.Word]]) -> String {
    lines.map { $0.map(\.text).joined(separator: " ") }.joined(separator: ", ")
  }

  private static func frame(_ box: FlowchartLayout.Box) -> [Element] {
    let back = Element.rectangle(
      origin: box.origin, width: box.width, height: box.height, corner: 8,
      fill: Fill(.grid, opacity: 0.35), stroke: Stroke(.grid, width: 1.2))
    let top = box.origin.y + FlowchartLayout.padding
    return [back] + text(box.lines, middle: box.centre.x, top: top, isBold: true)
  }

  private static func node(_ box: FlowchartLayout.Box) -> [Element] {
    let fill = Fill(.surface)
    let stroke = Stroke(.axis, width: 1.2)
    let (x, y, width, height) = (box.origin.x, box.origin.y, box.width, box.height)
    let outline: Element
    switch box.shape {
    case .rhomb:
      outline = polygon(
        [
          (x + width / 2, y), (x + width, y + height / 2), (x + width / 2, y + height),
          (x, y + height / 2),
        ], fill, stroke)
    case .hexagon:
      outline = polygon(
        [
          (x + 12, y), (x + width - 12, y), (x + width, y + height / 2),
          (x + width - 12, y + height), (x + 12, y + height), (x, y + height / 2),
        ], fill, stroke)
    case .box, .round, nil:
      outline = .rectangle(
        origin: box.origin, width: width, height: height,
        corner: box.shape == .round ? height / 2 : 5, fill: fill, stroke: stroke)
    }
    let tall = Double(box.lines.count) * FlowchartLayout.lineHeight
    return [outline] + text(box.lines, middle: box.centre.x, top: box.centre.y - tall / 2)
  }

  private static func polygon(
    _ corners: [(Double, Double)], _ fill: Fill, _ stroke: Stroke?
  ) -> Element {
    let places = corners.map { Position($0.0, $0.1) }
    return .path(
      [.move(places[0])] + places.dropFirst().map { .line($0) } + [.close], fill: fill,
      stroke: stroke)
  }

  private static func text(
    _ lines: [[Flowchart.Text.Word]], middle: Double, top: Double, isBold: Bool = false,
    ink: Ink = .text
  ) -> [Element] {
    lines.enumerated().map { index, words in
      let y = top + Double(index) * FlowchartLayout.lineHeight + 13.5
      var label = Label(
        words.map(\.text).joined(separator: " "), at: Position(middle, y),
        size: FlowchartLayout.textSize, anchor: .middle, ink: ink, isBold: isBold)
      if words.contains(where: \.isBold) { label.runs = FlowchartText.runs(words) }
      return .text(label)
    }
  }

  private static func label(_ route: FlowchartLayout.Route) -> [Element] {
    guard let centre = route.labelCentre, let text = route.edge.text else { return [] }
    let box = FlowchartText.label(text)
    let corner = Position(centre.x - box.width / 2, centre.y - box.height / 2)
    return [
      .rectangle(
        origin: corner, width: box.width, height: box.height, corner: 4, fill: Fill(.surface),
        stroke: nil)
    ] + self.text(box.lines, middle: centre.x, top: corner.y + 3, ink: .text)
  }

  private static func line(
    _ route: FlowchartLayout.Route, _ layout: FlowchartLayout
  ) -> [Element] {
    let stroke = Stroke(
      .muted, width: 1.4, dashes: route.edge.isDotted ? [4, 4] : [])
    let curve: FlowchartCurve
    if route.stations.isEmpty {
      guard let box = layout.boxes.first(where: { $0.id == route.edge.from }) else { return [] }
      curve = FlowchartCurve(loopAbove: box)
    } else {
      curve = FlowchartCurve(route)
    }
    let line = Element.path(curve.segments, fill: nil, stroke: stroke)
    guard route.edge.hasArrow else { return [line] }
    return [line, polygon(curve.corners, Fill(.muted), nil)]
  }
}

extension Element {
  /// The same elsewhere.
  fileprivate func moved(by offset: Position) -> Element {
    func moved(_ p: Position) -> Position { Position(p.x + offset.x, p.y + offset.y) }
    switch self {
    case .line(let from, let to, let stroke): return .line(moved(from), moved(to), stroke)
    case .path(let segments, let fill, let stroke):
      let places = segments.map { segment -> Segment in
        switch segment {
        case .move(let to): .move(moved(to))
        case .line(let to): .line(moved(to))
        case .curve(let a, let b, let to): .curve(moved(a), moved(b), moved(to))
        case .close: .close
        }
      }
      return .path(places, fill: fill, stroke: stroke)
    case .rectangle(let origin, let width, let height, let corner, let fill, let stroke):
      return .rectangle(
        origin: moved(origin), width: width, height: height, corner: corner, fill: fill,
        stroke: stroke)
    case .text(var label):
      label.position = moved(label.position)
      return .text(label)
    case .group(let elements, let title):
      return .group(elements.map { $0.moved(by: offset) }, title: title)
    }
  }
}
