import Harness
import Testing

@testable import Rendering

/// What the diagrams of the catalog claim.
@Suite struct DiagramTests {
  @Test("the arrow with the speedup leads to the candidate that it is about", arguments: catalog)
  func speedupLeadsToItsCandidate(experiment: Experiment) throws {
    guard let headline = experiment.headline else { return }
    let values = experiment.variants.map {
      ($0.name, $0.name == headline.variant ? "HERE" : "1 ns")
    }
    let filled = DiagramBlock.filled(
      experiment.diagram,
      Dictionary(values + [("speedup", "SPEEDUP"), ("point", "1")]) { first, _ in first })
    let chart = try #require(FlowchartReader.read(filled))
    guard Self.says("HERE", .group(chart.root)) else { return }
    for edge in chart.edges where edge.text.map({ Self.says("SPEEDUP", $0) }) ?? false {
      let end = try #require(Self.child(edge.to, in: .group(chart.root)))
      #expect(Self.says("HERE", end), "\(edge.from) → \(edge.to), not \(headline.variant)")
    }
  }

  private static func says(_ word: String, _ text: Flowchart.Text) -> Bool {
    text.lines.joined().contains { $0.text.contains(word) }
  }

  /// The text of a node, or any text within a frame.
  private static func says(_ word: String, _ child: Flowchart.Child) -> Bool {
    switch child {
    case .node(let node): says(word, node.text)
    case .group(let group):
      (group.text.map { says(word, $0) } ?? false) || group.children.contains { says(word, $0) }
    }
  }

  private static func child(_ id: String, in child: Flowchart.Child) -> Flowchart.Child? {
    if child.id == id { return child }
    guard case .group(let group) = child else { return nil }
    return group.children.lazy.compactMap { Self.child(id, in: $0) }.first
  }
}
