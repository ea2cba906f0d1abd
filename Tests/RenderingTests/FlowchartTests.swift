import Testing

@testable import Rendering

/// Mermaid's flowcharts, read and laid out.
@Suite struct FlowchartTests {
  private static let example = """
    flowchart LR
      %% a remark
      subgraph before["one: 5 ns<br>two: 6 ns"]
        direction TB
        a["x | <b>y</b>"] --> b{"d#40;1#41;"}
        b -. "back" .-> a
      end
      c & d -->|label| e(("f"))
      before -- strong --> e
      e --> e
    """

  private func chart(_ text: String = example) throws -> Flowchart {
    try #require(FlowchartReader.read(text))
  }

  @Test("A no-break space keeps words together")
  func noBreak() throws {
    let chart = try chart("flowchart LR\n  a[\"5\u{A0}ms or more\"]")
    guard case .node(let node) = chart.root.children[0] else {
      Issue.record("no node")
      return
    }
    #expect(node.text.lines[0].map(\.text) == ["5\u{A0}ms", "or", "more"])
  }

  @Test("Nodes, frames, arrows and their labels are read")
  func reads() throws {
    let chart = try chart()
    #expect(chart.root.direction == .right)
    #expect(chart.root.children.map(\.id) == ["before", "c", "d", "e"])
    guard case .group(let frame) = chart.root.children[0] else {
      Issue.record("no frame")
      return
    }
    #expect(frame.direction == .down)
    #expect(
      frame.text?.lines.map { $0.map(\.text) } == [["one:", "5", "ns"], ["two:", "6", "ns"]])
    guard case .node(let a) = frame.children[0], case .node(let b) = frame.children[1] else {
      Issue.record("no nodes")
      return
    }
    #expect(a.text.lines[0].map(\.isBold) == [false, false, true])
    #expect(b.shape == .rhomb)
    #expect(b.text.lines[0][0].text == "d(1)")
    let arrows = chart.edges.map { "\($0.from)\($0.isDotted ? "." : "-")\($0.to)" }
    #expect(arrows == ["a-b", "b.a", "c-e", "d-e", "before-e", "e-e"])
    #expect(
      chart.edges.map { $0.text?.lines[0][0].text }[1...4] == ["back", "label", "label", "strong"])
  }

  @Test(
    "What is not understood is not drawn in part",
    arguments: [
      "sequenceDiagram\n  a->>b: c", "flowchart LR\n  a --> ", "flowchart XY\n  a --> b",
      "flowchart LR\n  subgraph s\n  a", "flowchart LR\n  a[\"open", "flowchart LR\n  end", "",
      "flowchart LR\n  subgraph s\n  a\n  end\n  s --> a", "flowchart LR\n  a <--> b",
    ])
  func unknown(text: String) {
    #expect(FlowchartReader.read(text) == nil)
  }

  @Test("No box lies on another, and all lie within the drawing", arguments: [200.0, 340, 860])
  func overlaps(widest: Double) throws {
    let layout = FlowchartLayout(try chart(), widest: widest)
    let nodes = layout.boxes.filter { $0.shape != nil }
    #expect(nodes.count == 5)
    for (index, one) in nodes.enumerated() {
      #expect(one.origin.x >= 0 && one.origin.x + one.width <= layout.width + 0.01)
      #expect(one.origin.y >= 0 && one.origin.y + one.height <= layout.height + 0.01)
      for other in nodes[(index + 1)...] {
        let isApart =
          one.origin.x + one.width <= other.origin.x || other.origin.x + other.width <= one.origin.x
          || one.origin.y + one.height <= other.origin.y
          || other.origin.y + other.height <= one.origin.y
        #expect(isApart, "\(one.id) and \(other.id)")
      }
    }
  }

  @Test("An arrow back to its own box has its label above it, within the drawing")
  func loops() throws {
    let chart = try chart("flowchart LR\n  a[\"log\"] -- \"copies what is live\" --> a")
    let layout = FlowchartLayout(chart, widest: 860)
    let box = try #require(layout.boxes.first)
    let centre = try #require(layout.routes.first?.labelCentre)
    let label = FlowchartText.label(try #require(chart.edges[0].text))
    #expect(centre.y - label.height / 2 >= 0)
    #expect(centre.y + label.height / 2 <= box.origin.y)
    #expect(centre.x - label.width / 2 >= -0.01)
    #expect(centre.x + label.width / 2 <= layout.width + 0.01)
  }

  @Test("A row that is too wide becomes a column")
  func narrow() throws {
    let text = "flowchart LR\n  a[\"one box of text\"] --> b[\"two\"] --> c[\"three\"]"
    let wide = FlowchartLayout(try chart(text), widest: 860)
    let narrow = FlowchartLayout(try chart(text), widest: 160)
    #expect(wide.width > wide.height)
    #expect(narrow.height > narrow.width)
    #expect(narrow.width <= 160)
  }

  @Test("Arrows run from layer to layer, those that close a circle run back")
  func layers() {
    let size = LayeredGraph.Size(main: 10, cross: 10)
    let edges = [(0, 1), (1, 2), (2, 0), (0, 2)].map { LayeredGraph.Edge(from: $0, to: $1) }
    let graph = LayeredGraph(sizes: [size, size, size], edges: edges)
    #expect(graph.items[0..<3].map(\.layer) == [0, 1, 2])
    #expect(graph.chains.map { ($0.first ?? -1) * 10 + ($0.last ?? -1) } == [1, 12, 20, 2])
    // Back and past a layer: a place is kept for each.
    #expect(graph.chains.map(\.count) == [2, 2, 3, 3])
  }

  @Test("Text cannot break out of the drawing")
  func escapes() throws {
    let chart = try chart("flowchart LR\n  a[\"<script>&amp; \\\"\"] -- \"</svg>\" --> b")
    let drawing = FlowchartDrawing.draw(chart, widest: 860, title: "<\"&")
    let svg = SVG.inline(drawing)
    #expect(!svg.contains("<script") && svg.hasSuffix("</svg>\n"))
    #expect(XMLChecker.problem(in: svg) == nil)
    #expect(SVG.inline(FlowchartDrawing.draw(chart, widest: 860, title: "<\"&")) == svg)
  }
}
