/// Nodes from 0 on and how much lies between them: calls, queries. Directions do not count.
public struct WeightedGraph: Sendable {
  /// How many nodes there are.
  public let count: Int
  /// Of each node to the others, both directions together; to itself once.
  private var links: [[Int: Double]]
  /// All weights together.
  public private(set) var total = 0.0

  /// Without any weight.
  public init(count: Int) {
    self.count = count
    links = Array(repeating: [:], count: count)
  }

  /// Adds to what lies between two nodes, or at one.
  /// - Parameter weight: at least 0.
  public mutating func add(_ weight: Double, between a: Int, and b: Int) {
    guard weight > 0 else { return }
    links[a][b, default: 0] += weight
    if a != b { links[b][a, default: 0] += weight }
    total += weight
  }

  /// How much lies between two nodes.
  public func weight(between a: Int, and b: Int) -> Double { links[a][b] ?? 0 }

  /// The share of the weights inside clusters, less what chance would put there with the same ends:
  /// 0 for one cluster, below 1 always.
  ///
  /// Source: Newman and Girvan, *Finding and evaluating community structure in networks*, Physical
  /// Review E 69, 2004.
  /// - Parameter cluster: of each node.
  public func modularity(of cluster: [Int]) -> Double {
    guard total > 0 else { return 0 }
    var (inside, ends) = (0.0, [Int: Double]())
    for node in 0..<count {
      for (other, weight) in links[node] where other >= node {
        if cluster[node] == cluster[other] { inside += weight }
        ends[cluster[node], default: 0] += weight
        ends[cluster[other], default: 0] += weight
      }
    }
    let chance = ends.values.reduce(0) { $0 + $1 * $1 } / (4 * total * total)
    return inside / total - chance
  }

  /// Clusters of high modularity: each node is one at first; then the two are joined that raise
  /// modularity most, again and again, until no two raise it.
  ///
  /// Source: Clauset, Newman and Moore, *Finding community structure in very large networks*,
  /// Physical Review E 70, 2004.
  /// - Returns: of each node its cluster, known by the first node in it.
  /// - Complexity: O(nodes × pairs of nodes with a weight between them).
  public func clusters() -> [Int] {
    var cluster = Array(0..<count)
    var between = links
    var ends = (0..<count).map { node in
      links[node].reduce(0) { $0 + ($1.key == node ? 2 : 1) * $1.value }
    }
    while let (a, b) = bestPair(between, ends) {
      for (other, weight) in between[b] where other != a && other != b {
        between[a][other, default: 0] += weight
        between[other][a, default: 0] += weight
        between[other][b] = nil
      }
      between[a][b] = nil
      between[b] = [:]
      ends[a] += ends[b]
      ends[b] = 0
      for node in 0..<count where cluster[node] == b { cluster[node] = a }
    }
    return cluster
  }

  /// The pair of clusters whose union raises modularity most; of equal ones the first, since the
  /// order of a dictionary changes from run to run.
  private func bestPair(_ between: [[Int: Double]], _ ends: [Double]) -> (Int, Int)? {
    var (best, pair) = (0.0, (count, count))
    for a in 0..<count {
      for (b, weight) in between[a] where b > a {
        let gain = weight / total - ends[a] * ends[b] / (2 * total * total)
        let isFirst = gain == best && (a, b) < pair
        if gain > best || (gain > 0 && isFirst) { (best, pair) = (gain, (a, b)) }
      }
    }
    return best > 0 ? pair : nil
  }
}
