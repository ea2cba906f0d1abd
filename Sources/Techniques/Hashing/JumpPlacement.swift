/// Jump consistent hashing: a key's node follows from its hash and the number of nodes alone. When a
/// node is added, 1/n of the keys move, all of them to the new node; all nodes have equal shares.
///
///     let node = JumpPlacement(nodes: 10).node(of: key)
///
/// The key's hash seeds a sequence of random numbers, which say at which numbers of nodes the key
/// would move; the last one that is not beyond `nodes` is where it is.
///
/// Limits: nodes are numbered, and only the last one can leave. That suits partitions of a store,
/// which are added, rather than caches that fail.
///
/// Source: J. Lamping, E. Veach, "A fast, minimal memory, consistent hash algorithm",
/// arXiv:1406.2294, 2014.
public struct JumpPlacement: KeyPlacement {
  /// Numbered from 0.
  public let nodes: Int

  /// - Parameter nodes: at least one.
  public init(nodes: Int) {
    precondition(nodes > 0, "a key needs a node")
    self.nodes = nodes
  }

  /// See `KeyPlacement`.
  /// - Complexity: O(ln nodes) expected.
  @inlinable
  public func node(of key: UInt64) -> Int {
    var state = mixedHash(key)
    var (node, next) = (-1, 0)
    while next < nodes {
      node = next
      state = state &* 2_862_933_555_777_941_757 &+ 1
      next = Int(Double(node + 1) * (Double(1 << 31) / Double(state >> 33 + 1)))
    }
    return node
  }
}
