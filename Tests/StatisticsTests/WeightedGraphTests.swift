import Statistics
import Testing

@Suite struct WeightedGraphTests {
  /// Two triangles with a link between them.
  private var triangles: WeightedGraph {
    var graph = WeightedGraph(count: 6)
    for (a, b) in [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5), (2, 3)] {
      graph.add(1, between: a, and: b)
    }
    return graph
  }

  @Test func modularityIsThatOfTheDefinition() {
    // 6 of 7 links inside, and each side has half of the ends.
    #expect(abs(triangles.modularity(of: [0, 0, 0, 3, 3, 3]) - (6.0 / 7 - 0.5)) < 1e-12)
    #expect(abs(triangles.modularity(of: [0, 0, 0, 0, 0, 0])) < 1e-12)
    #expect(triangles.modularity(of: [0, 1, 2, 3, 4, 5]) < 0)
    #expect(WeightedGraph(count: 2).modularity(of: [0, 1]) == 0)
  }

  @Test func clustersAreTheTriangles() {
    #expect(triangles.clusters() == [0, 0, 0, 3, 3, 3])
    #expect(WeightedGraph(count: 3).clusters() == [0, 1, 2])
  }

  /// Zachary's karate club: 34 members, two factions. Greedy joining finds Q = 0.381 (Newman, *Fast
  /// algorithm for detecting community structure in networks*, Physical Review E 69, 2004).
  @Test func zacharysClubHasItsPublishedModularity() {
    let links = [
      [2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 18, 20, 22, 32], [3, 4, 8, 14, 18, 20, 22, 31],
      [4, 8, 9, 10, 14, 28, 29, 33], [8, 13, 14], [7, 11], [7, 11, 17], [17], [], [31, 33, 34],
      [34], [], [], [], [34], [33, 34], [33, 34], [], [], [33, 34], [34], [33, 34], [], [33, 34],
      [26, 28, 30, 33, 34], [26, 28, 32], [32], [30, 34], [34], [32, 34], [33, 34], [33, 34],
      [33, 34], [34], [],
    ]
    var graph = WeightedGraph(count: 34)
    for (member, others) in links.enumerated() {
      for other in others { graph.add(1, between: member, and: other - 1) }
    }
    #expect(graph.total == 78)
    #expect(abs(graph.modularity(of: graph.clusters()) - 0.381) < 0.0015)
  }
}
