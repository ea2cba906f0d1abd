/// Maglev hashing: a table of nodes that is filled by turns, each node along an order of its own. A
/// look-up is one load; the nodes' shares differ by one entry at most.
///
///     let table = MaglevTable(nodes: backends.map(\.id))
///     let node = table.node(of: connection)
///
/// When a node leaves, its entries are assigned to others, and a few other entries change as well,
/// since the turns come out otherwise: fewer with a larger table.
///
/// Limits: building it takes about size · ln(size) steps, on every change. The size is a prime and
/// at least a hundred times the number of nodes, so that shares are within 1%.
///
/// Source: D. Eisenbud et al., "Maglev: a fast and reliable software network load balancer",
/// NSDI 2016, section 3.4.
public struct MaglevTable: KeyPlacement {
  /// The paper's smaller table.
  public static let defaultSize = 65_537

  @usableFromInline let entries: [Int32]

  /// - Parameters:
  ///   - nodes: names; a look-up returns a node's place among them.
  ///   - size: of the table; a prime.
  public init(nodes: [UInt64], size: Int = defaultSize) {
    precondition(!nodes.isEmpty && size >= nodes.count, "a key needs a node, a node an entry")
    var turns = nodes.map { Turn($0, size: size) }
    var entries = [Int32](repeating: -1, count: size)
    var filled = 0
    while true {
      for place in turns.indices {
        while entries[turns[place].entry] >= 0 { turns[place].advance(in: size) }
        entries[turns[place].entry] = Int32(place)
        filled += 1
        if filled == size {
          self.entries = entries
          return
        }
      }
    }
  }

  /// See `KeyPlacement`.
  /// - Complexity: O(1).
  @inlinable
  public func node(of key: UInt64) -> Int {
    Int(entries[Int(mixedHash(key) % UInt64(entries.count))])
  }

  /// The number of entries that each node has.
  public func shares(of nodes: Int) -> [Int] {
    var shares = [Int](repeating: 0, count: nodes)
    for entry in entries { shares[Int(entry)] += 1 }
    return shares
  }

  /// Where a node is in its own order of all entries: every `skip`-th, from some offset on.
  private struct Turn {
    var entry: Int
    let skip: Int

    init(_ name: UInt64, size: Int) {
      let hash = mixedHash(name)
      entry = Int(hash % UInt64(size))
      skip = Int(mixedHash(hash) % UInt64(size - 1)) + 1
    }

    mutating func advance(in size: Int) {
      entry += skip
      if entry >= size { entry -= size }
    }
  }
}
