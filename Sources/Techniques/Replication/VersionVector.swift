/// What a replica has seen: so many changes of each node.
///
///     var seen = VersionVector()
///     let change = seen.advance(at: here)      // the first change of this node
///     seen.relation(to: other)                 // before, after, or concurrent: then somebody merges
///
/// Source: D. S. Parker et al., "Detection of mutual inconsistency in distributed systems", IEEE
/// Trans. Software Eng. 9(3), 1983.
public struct VersionVector: Hashable, Sendable {
  /// One change: a node, and its number among that node's changes, from 1 on.
  public struct Dot: Hashable, Sendable {
    /// Where it was made.
    public let node: Int
    /// Among that node's changes.
    public let number: Int
  }

  /// How two histories lie to each other.
  public enum Relation: Sendable {
    case equal, before, after, concurrent
  }

  private var counts: [Int: Int] = [:]

  /// Nothing has been seen.
  public init() {}

  /// A further change of a node.
  public mutating func advance(at node: Int) -> Dot {
    counts[node, default: 0] += 1
    return Dot(node: node, number: counts[node] ?? 0)
  }

  /// Whether the change has been seen.
  public func contains(_ dot: Dot) -> Bool { (counts[dot.node] ?? 0) >= dot.number }

  /// What either has seen.
  public func merged(with other: VersionVector) -> VersionVector {
    var result = self
    result.counts.merge(other.counts, uniquingKeysWith: max)
    return result
  }

  /// Whether one has seen all that the other has.
  public func relation(to other: VersionVector) -> Relation {
    let both = merged(with: other)
    switch (both == self, both == other) {
    case (true, true): return .equal
    case (true, false): return .after
    case (false, true): return .before
    case (false, false): return .concurrent
    }
  }
}
