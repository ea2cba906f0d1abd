import Statistics

/// A division of components and data into clusters with much inside and little between them, and how
/// far it can be trusted.
public struct Clustering: Sendable {
  /// One of the clusters.
  public struct Cluster: Sendable, Equatable {
    /// Components and data by name.
    public let members: [String]
    /// How alike the nearest cluster is that other samples of the requests give: the mean index of
    /// Jaccard, 1 where it is the same in all. Above 0.75 it is stable, below 0.6 it means nothing.
    ///
    /// Source: Hennig, *Cluster-wise assessment of cluster stability*, Computational Statistics and
    /// Data Analysis 52, 2007.
    public let stability: Double
  }

  /// By the name of their first members.
  public let clusters: [Cluster]
  /// Of the division; above 0.3 there is structure (Clauset, Newman and Moore, 2004).
  public let modularity: Double
  /// Between which 95% of the resampled divisions' modularities lie.
  public let interval: ClosedRange<Double>
  /// The share of uses between clusters.
  public let crossing: Double
}

extension TraceMap {
  /// Clusters of components and data by their calls and queries (`WeightedGraph.clusters`), and the
  /// same for as many requests drawn with replacement from those that were traced.
  /// - Parameter draws: how often.
  public func clustering(draws: Int = 100, seed: UInt64) -> Clustering {
    let counts = shapes.map { Double($0.requests) }
    let graph = graph(counts)
    let cluster = graph.clusters()
    let own = Dictionary(grouping: nodes.indices, by: { cluster[$0] }).mapValues(Set.init)
    var alike = [Int: Double]()
    var modularities: [Double] = []
    var random = SeededGenerator(seed: seed)
    for _ in 0..<draws {
      let other = self.graph(resampled(&random))
      let division = other.clusters()
      modularities.append(other.modularity(of: division))
      let found = Dictionary(grouping: nodes.indices, by: { division[$0] }).values.map(Set.init)
      for (key, members) in own {
        alike[key, default: 0] += found.map { Self.jaccard(members, $0) }.max() ?? 0
      }
    }
    let crossing = edges.reduce(0) { sum, edge in
      let (from, to) = ends(of: edge)
      return sum + (cluster[from] == cluster[to] ? 0 : Double(edge.uses))
    }
    let modularity = graph.modularity(of: cluster)
    let sorted = modularities.sorted()
    return Clustering(
      clusters: own.keys.sorted().map { key in
        Clustering.Cluster(
          members: own[key]!.sorted().map { nodes[$0] },
          stability: draws == 0 ? 1 : alike[key, default: 0] / Double(draws))
      },
      modularity: modularity,
      interval: sorted.isEmpty
        ? modularity...modularity : sorted.quantile(0.025)...sorted.quantile(0.975),
      crossing: graph.total == 0 ? 0 : crossing / graph.total)
  }

  private static func jaccard(_ a: Set<Int>, _ b: Set<Int>) -> Double {
    Double(a.intersection(b).count) / Double(a.union(b).count)
  }

  private func ends(of edge: Edge) -> (Int, Int) {
    (nodes.firstIndex(of: edge.from) ?? 0, nodes.firstIndex(of: edge.to) ?? 0)
  }

  /// - Parameter counts: requests of each shape.
  private func graph(_ counts: [Double]) -> WeightedGraph {
    var uses = [Double](repeating: 0, count: edges.count)
    for (shape, count) in zip(shapes, counts) {
      for use in shape.uses { uses[use.edge] += count * Double(use.count) }
    }
    let places = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { ($1, $0) })
    var graph = WeightedGraph(count: nodes.count)
    for (edge, weight) in zip(edges, uses) {
      graph.add(weight, between: places[edge.from]!, and: places[edge.to]!)
    }
    return graph
  }

  /// As many requests of the traced ones, each as likely every time.
  private func resampled(_ random: inout SeededGenerator) -> [Double] {
    var ends: [Int] = []
    for shape in shapes { ends.append((ends.last ?? 0) + shape.requests) }
    var counts = [Double](repeating: 0, count: shapes.count)
    for _ in 0..<requests {
      let place = Int.random(in: 0..<requests, using: &random)
      var (low, high) = (0, ends.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if ends[middle] > place { high = middle } else { low = middle + 1 }
      }
      counts[low] += 1
    }
    return counts
  }
}
