/// An arrow's way, and its head.
struct FlowchartCurve {
  private(set) var segments: [Segment] = []
  private var tip = Position(0, 0)
  /// Of length 1, as the arrow arrives.
  private var direction = Position(1, 0)

  /// How long the head is, and half as wide.
  private static let head = (length: 8.5, breadth: 3.8)

  /// Leaves and enters every layer along the main way.
  init(_ route: FlowchartLayout.Route) {
    var last = route.stations[0].out
    segments = [.move(last)]
    for (index, station) in route.stations.enumerated().dropFirst() {
      let isLast = index == route.stations.count - 1
      if isLast { aim(at: station.into, from: last, isHorizontal: route.isHorizontal) }
      // The line ends within its head, not at the tip.
      let end =
        isLast && route.edge.hasArrow
        ? Position(station.into.x - direction.x * 4, station.into.y - direction.y * 4)
        : station.into
      segments.append(Self.leg(from: last, to: end, isHorizontal: route.isHorizontal))
      if station.out != station.into { segments.append(.line(station.out)) }
      last = station.out
    }
  }

  /// Up from the box's top and back to it.
  init(loopAbove box: FlowchartLayout.Box) {
    let (x, y) = (box.centre.x, box.origin.y)
    // A cubic rises three quarters as high as its handles.
    let height = (FlowchartLayout.loop - 4) * 4 / 3
    tip = Position(x + 14, y)
    direction = Position(0, 1)
    segments = [
      .move(Position(x - 14, y)),
      .curve(Position(x - 14, y - height), Position(x + 14, y - height), Position(x + 14, y - 4)),
    ]
  }

  private mutating func aim(at end: Position, from start: Position, isHorizontal: Bool) {
    tip = end
    direction =
      isHorizontal
      ? Position(end.x < start.x ? -1 : 1, 0) : Position(0, end.y < start.y ? -1 : 1)
  }

  private static func leg(
    from start: Position, to end: Position, isHorizontal: Bool
  ) -> Segment {
    let across = isHorizontal ? end.y - start.y : end.x - start.x
    if abs(across) < 0.5 { return .line(end) }
    let middle = Position((start.x + end.x) / 2, (start.y + end.y) / 2)
    return isHorizontal
      ? .curve(Position(middle.x, start.y), Position(middle.x, end.y), end)
      : .curve(Position(start.x, middle.y), Position(end.x, middle.y), end)
  }

  /// A triangle.
  var corners: [(Double, Double)] {
    let (length, breadth) = Self.head
    let back = Position(tip.x - direction.x * length, tip.y - direction.y * length)
    return [
      (tip.x, tip.y), (back.x - direction.y * breadth, back.y + direction.x * breadth),
      (back.x + direction.y * breadth, back.y - direction.x * breadth),
    ]
  }
}
