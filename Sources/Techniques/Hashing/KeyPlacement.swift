/// Assigns keys to nodes, such as the servers of a cache or the partitions of a store.
///
/// | | memory | look-up | moved when one of n nodes leaves | load of the fullest node |
/// |---|---|---|---|---|
/// | `ModuloPlacement` | none | a division | 1 − 1/n of the keys | the mean |
/// | `HashRing` | 16 bytes a point | a binary search | the keys of that node | 1 + about 2.5/√points |
/// | `JumpPlacement` | none | ln n steps | the keys of that node; only the last may leave | the mean |
/// | `MaglevTable` | 4 bytes an entry | one load | the keys of that node, and a few more | within 1% |
public protocol KeyPlacement: Sendable {
  /// The node of a key, out of those that the placement was made of.
  func node(of key: UInt64) -> Int
}

/// Mixes all bits of a key into all bits of the hash, one to one.
///
/// Source: the finaliser of SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014), variant 13 by D. Stafford.
@inlinable
public func mixedHash(_ key: UInt64) -> UInt64 {
  var hash = key &+ 0x9e37_79b9_7f4a_7c15
  hash = (hash ^ hash >> 30) &* 0xbf58_476d_1ce4_e5b9
  hash = (hash ^ hash >> 27) &* 0x94d0_49bb_1331_11eb
  return hash ^ hash >> 31
}

/// A key's hash modulo the number of nodes: even, and nearly every key moves when that changes.
public struct ModuloPlacement: KeyPlacement {
  /// Numbered from 0.
  public let nodes: Int

  /// - Parameter nodes: at least one.
  public init(nodes: Int) {
    precondition(nodes > 0, "a key needs a node")
    self.nodes = nodes
  }

  /// See `KeyPlacement`.
  @inlinable
  public func node(of key: UInt64) -> Int { Int(mixedHash(key) % UInt64(nodes)) }
}
