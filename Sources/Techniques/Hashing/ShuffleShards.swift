/// Gives each customer a few of the nodes, by its name, so that two customers seldom share all.
///
///     let shards = ShuffleShards(nodes: 8, each: 2)
///     let mine = shards.nodes(of: customer)       // two of eight: one of 28 pairs
///
/// Of n nodes, k each, there are n! ÷ (k! (n − k)!) different shards. A customer that brings all of
/// its nodes down takes only those customers along that have the very same ones, as long as clients
/// try their other nodes.
///
/// Source: C. MacCárthaigh, "Workload isolation using shuffle-sharding", The Amazon Builders'
/// Library, 2019.
public struct ShuffleShards: Sendable {
  /// Nodes in all.
  public let nodes: Int
  /// Nodes of a customer.
  public let each: Int

  /// - Parameters:
  ///   - nodes: in all, at least 1.
  ///   - each: of a customer, 1 to `nodes`.
  public init(nodes: Int, each: Int) {
    precondition(each >= 1 && each <= nodes, "a shard is a part of the nodes")
    self.nodes = nodes
    self.each = each
  }

  /// The different nodes of a customer, the same ones each time. Each subset is as likely as the
  /// others, but for the order in which its nodes come.
  /// - Complexity: O(each²).
  public func nodes(of customer: UInt64) -> [Int] {
    // R. Floyd's sampling without replacement (Bentley, "Programming Pearls", CACM 30(9), 1987).
    var chosen: [Int] = []
    for last in (nodes - each)..<nodes {
      let hash = mixedHash(customer &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(last))
      let node = Int(hash.multipliedFullWidth(by: UInt64(last + 1)).high)
      chosen.append(chosen.contains(node) ? last : node)
    }
    return chosen
  }
}
