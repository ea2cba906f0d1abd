/// Where everything of a flowchart lies.
struct FlowchartLayout {
  struct Box {
    let id: String
    var origin: Position
    var width: Double
    var height: Double
    let lines: [[Flowchart.Text.Word]]
    /// Nil for a frame around others.
    let shape: Flowchart.Shape?

    var centre: Position { Position(origin.x + width / 2, origin.y + height / 2) }
  }

  /// An arrow through the places where layers let it pass.
  struct Route {
    let edge: Flowchart.Edge
    /// Pairs: into a layer and out of it. Empty for one that returns where it began.
    var stations: [(into: Position, out: Position)]
    var isHorizontal: Bool
    var labelCentre: Position?
  }

  var width = 0.0
  var height = 0.0
  /// Frames before what they hold.
  var boxes: [Box] = []
  var routes: [Route] = []

  static let textSize = 13.5
  static let lineHeight = 18.0
  static let padding = 14.0
  /// How far an arrow that returns to its box rises above it.
  static let loop = 22.0

  /// - Parameter widest: where a row is wider, it becomes a column.
  init(_ chart: Flowchart, widest: Double) {
    self.init(chart.root, in: chart, direction: chart.root.direction ?? .down, widest: widest)
  }

  /// One group with all that it holds, its upper left corner at the origin.
  private init(
    _ group: Flowchart.Group, in chart: Flowchart, direction: Flowchart.Direction, widest: Double
  ) {
    let parts = group.children.map { child in
      FlowchartLayout(child, in: chart, flipping: direction, widest: widest)
    }
    let joined = FlowchartEdges(chart, among: group.children)
    // Nothing leads from one to another: below each other they are read.
    let own = joined.edges.isEmpty ? .right : direction
    let isRow = own == .right || own == .left
    var attempts: [(Flowchart.Direction, Bool)] = [(own, false)]
    if isRow && !joined.edges.isEmpty { attempts.append((.down, false)) }
    attempts.append((.down, true))
    var best: FlowchartLayout?
    for (way, isSingle) in attempts {
      let attempt = FlowchartLayout(parts, joined, way: way, isSingle: isSingle, chart: chart)
      if best.map({ attempt.width < $0.width }) ?? true { best = attempt }
      if attempt.width <= widest { break }
    }
    if let best { self = best }
  }

  /// A node, or a group in its frame.
  private init(
    _ child: Flowchart.Child, in chart: Flowchart, flipping outer: Flowchart.Direction,
    widest: Double
  ) {
    switch child {
    case .node(let node):
      let lines = FlowchartText.wrapped(node.text.lines, to: min(190, widest - 60))
      let size = FlowchartText.size(lines)
      let isPointed = node.shape == .rhomb || node.shape == .hexagon
      let loop = chart.edges.first { $0.from == node.id && $0.to == node.id }
      let label = loop?.text.map { FlowchartText.label($0) }
      let wide = max(size.width + 22 + (isPointed ? 26 : 0), 34)
      let tall = size.height + (node.shape == .rhomb ? 26 : 16)
      width = max(wide, label?.width ?? 0)
      height = tall + (loop == nil ? 0 : Self.loop) + (label?.height ?? 0)
      boxes = [
        Box(
          id: node.id, origin: Position((width - wide) / 2, height - tall), width: wide,
          height: tall, lines: lines, shape: node.shape)
      ]
    case .group(let group):
      // As Mermaid has it: a frame that says nothing runs across its surroundings.
      let isRow = outer == .right || outer == .left
      let inside = FlowchartLayout(
        group, in: chart, direction: group.direction ?? (isRow ? .down : .right),
        widest: widest - 2 * Self.padding)
      let room = max(inside.width, min(240, widest - 2 * Self.padding))
      let lines = FlowchartText.wrapped(group.text?.lines ?? [], to: room)
      let title = FlowchartText.size(lines, isBold: true)
      let top = Self.padding + title.height + 8
      width = max(inside.width, title.width) + 2 * Self.padding
      height = top + inside.height + Self.padding
      boxes = [
        Box(
          id: group.id, origin: Position(0, 0), width: width, height: height, lines: lines,
          shape: nil)
      ]
      add(inside, at: Position((width - inside.width) / 2, top))
    }
  }

  private init(
    _ parts: [FlowchartLayout], _ joined: FlowchartEdges, way: Flowchart.Direction,
    isSingle: Bool, chart: Flowchart
  ) {
    let isRow = way == .right || way == .left
    func size(_ width: Double, _ height: Double) -> LayeredGraph.Size {
      LayeredGraph.Size(main: isRow ? width : height, cross: isRow ? height : width)
    }
    let edges = joined.edges.map { edge in
      let label = edge.edge.text.map { text in
        let box = FlowchartText.label(text)
        return size(box.width, box.height)
      }
      return LayeredGraph.Edge(from: edge.from, to: edge.to, label: label)
    }
    let graph = LayeredGraph(
      sizes: parts.map { size($0.width, $0.height) }, edges: edges, isSingle: isSingle)
    width = isRow ? graph.size.main : graph.size.cross
    height = isRow ? graph.size.cross : graph.size.main
    let isTurned = way == .left || way == .up
    func position(_ main: Double, _ cross: Double) -> Position {
      let main = isTurned ? graph.size.main - main : main
      return isRow ? Position(main, cross) : Position(cross, main)
    }
    for (part, item) in zip(parts, graph.items) {
      let middle = position(item.start + item.size.main / 2, item.centre)
      add(part, at: Position(middle.x - part.width / 2, middle.y - part.height / 2))
    }
    let own = joined.routes(graph, isHorizontal: isRow, boxes: boxes, position: position)
    routes += own
  }

  /// Takes another's parts in, moved.
  private mutating func add(_ other: FlowchartLayout, at offset: Position) {
    func moved(_ p: Position) -> Position { Position(p.x + offset.x, p.y + offset.y) }
    boxes += other.boxes.map { box in
      var box = box
      box.origin = moved(box.origin)
      return box
    }
    routes += other.routes.map { route in
      var route = route
      route.stations = route.stations.map { (moved($0.into), moved($0.out)) }
      route.labelCentre = route.labelCentre.map(moved)
      return route
    }
  }
}
