/// Consistent hashing: nodes have many points on a ring of hashes, and a key belongs to the node of
/// the next point. When a node leaves, only its own keys move, to the nodes behind its points.
///
///     let ring = HashRing(nodes: ["a", "b", "c"].indices.map { UInt64($0) }, points: 100)
///     let node = ring.node(of: key)
///
/// Each of n nodes has `points` points ("virtual nodes"); the standard deviation of their shares
/// is 1/√points of the mean. With a single point the fullest of many nodes has several times the
/// mean.
///
/// Limits: a node's name must not change, or its points do. Weights are numbers of points.
///
/// Sources: D. Karger et al., "Consistent hashing and random trees", STOC 1997; the shares by
/// number of points in J. Lamping, E. Veach, arXiv:1406.2294, table 1.
public struct HashRing: KeyPlacement {
  @usableFromInline let hashes: [UInt64]
  @usableFromInline let owners: [Int32]

  /// - Parameters:
  ///   - nodes: names; a look-up returns a node's place among them.
  ///   - points: of each node.
  public init(nodes: [UInt64], points: Int) {
    precondition(!nodes.isEmpty && points > 0, "a key needs a node")
    var ring: [(hash: UInt64, owner: Int32)] = []
    ring.reserveCapacity(nodes.count * points)
    for (place, name) in nodes.enumerated() {
      let own = mixedHash(name)
      for point in 0..<UInt64(points) {
        ring.append((mixedHash(own &+ point), Int32(place)))
      }
    }
    ring.sort { $0.hash < $1.hash }
    hashes = ring.map(\.hash)
    owners = ring.map(\.owner)
  }

  /// See `KeyPlacement`.
  /// - Complexity: O(log(nodes · points)).
  @inlinable
  public func node(of key: UInt64) -> Int {
    let hash = mixedHash(key)
    var (low, high) = (0, hashes.count)
    while low < high {
      let middle = (low + high) / 2
      if hashes[middle] < hash { low = middle + 1 } else { high = middle }
    }
    // Behind the last point the ring begins again.
    return Int(owners[low == owners.count ? 0 : low])
  }
}
