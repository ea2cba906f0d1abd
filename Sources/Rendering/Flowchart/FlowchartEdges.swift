/// The arrows that run between the children of one group.
struct FlowchartEdges {
  struct Lifted {
    let edge: Flowchart.Edge
    /// Children that hold its ends.
    let from: Int
    let to: Int
  }

  private(set) var edges: [Lifted] = []

  init(_ chart: Flowchart, among children: [Flowchart.Child]) {
    let places = children.map { child -> Set<String> in Self.ids(child) }
    for edge in chart.edges {
      guard let from = places.firstIndex(where: { $0.contains(edge.from) }),
        let to = places.firstIndex(where: { $0.contains(edge.to) })
      else { continue }
      if from == to && (edge.from != edge.to || children[from].id != edge.from) { continue }
      edges.append(Lifted(edge: edge, from: from, to: to))
    }
  }

  private static func ids(_ child: Flowchart.Child) -> Set<String> {
    switch child {
    case .node(let node): [node.id]
    case .group(let group): group.children.reduce([group.id]) { $0.union(ids($1)) }
    }
  }

  /// - Parameters:
  ///   - boxes: laid out, in the coordinates of the group.
  ///   - position: of a place along the main way and across.
  func routes(
    _ graph: LayeredGraph, isHorizontal: Bool, boxes: [FlowchartLayout.Box],
    position: (Double, Double) -> Position
  ) -> [FlowchartLayout.Route] {
    typealias Station = (into: Position, out: Position)
    var routes: [FlowchartLayout.Route] = []
    for (index, lifted) in edges.enumerated() {
      var route = FlowchartLayout.Route(
        edge: lifted.edge, stations: [], isHorizontal: isHorizontal)
      let chain = graph.chains[index]
      guard chain.count > 1 else {
        let box = boxes.first { $0.id == lifted.edge.from }
        if let box, let text = lifted.edge.text {
          let above = FlowchartLayout.loop + FlowchartText.label(text).height / 2
          route.labelCentre = Position(box.centre.x, box.origin.y - above)
        }
        routes.append(route)
        continue
      }
      // Against the layers' order an arrow leaves where others enter.
      let isBack = graph.items[chain[0]].layer > graph.items[chain[1]].layer
      let inner = chain.dropFirst().dropLast().map { item -> Station in
        let place = graph.items[item]
        let extent = graph.extents[place.layer]
        let ends = (position(extent.start, place.centre), position(extent.end, place.centre))
        return isBack ? (ends.1, ends.0) : ends
      }
      let start = end(lifted.edge.from, chain[0], chain[1], graph, boxes, position)
      let finish = end(
        lifted.edge.to, chain[chain.count - 1], chain[chain.count - 2], graph, boxes, position)
      route.stations = [(start, start)] + inner + [(finish, finish)]
      route.labelCentre = graph.labels[index].map { item in
        let place = graph.items[item]
        return position(place.start + place.size.main / 2, place.centre)
      }
      routes.append(route)
    }
    return routes
  }

  /// Where an arrow meets its box: on the side towards the next item, each arrow at a place of
  /// its own, in the order of where they come from.
  private func end(
    _ id: String, _ item: Int, _ towards: Int, _ graph: LayeredGraph,
    _ boxes: [FlowchartLayout.Box], _ position: (Double, Double) -> Position
  ) -> Position {
    let own = graph.items[item]
    let isAfter = graph.items[towards].layer > own.layer
    let others = Set(isAfter ? own.after : own.before)
      .sorted { (graph.items[$0].centre, $0) < (graph.items[$1].centre, $1) }
    let place = Double(others.firstIndex(of: towards) ?? 0) - Double(others.count - 1) / 2
    // An arrow to what lies within a frame ends there, not at the frame.
    let target = boxes.first { $0.id == id }
    guard let target else { return position(own.start, own.centre) }
    let corners = [
      target.origin, Position(target.origin.x + target.width, target.origin.y + target.height),
    ]
    let first = position(0, 0)
    let second = position(1, 0)
    let isHorizontal = first.y == second.y
    let isForward = isHorizontal ? second.x > first.x : second.y > first.y
    let breadth = isHorizontal ? target.height : target.width
    let step = min(22, breadth * 0.7 / Double(max(others.count, 1)))
    let atEnd = isAfter == isForward
    let corner = corners[atEnd ? 1 : 0]
    // A rhomb's and a hexagon's sides slope away from the middle.
    let isSloped = target.shape == .rhomb || target.shape == .hexagon
    let shift = isSloped ? 0 : place * step
    return isHorizontal
      ? Position(corner.x, target.centre.y + shift) : Position(target.centre.x + shift, corner.y)
  }
}
