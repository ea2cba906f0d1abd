/// A node of a binary tree that is made on the way: its seed decides how the nodes below it are
/// divided between its children.
struct SkewedTree {
  /// Of the whole tree.
  static let nodes = 20_000
  /// The light child has at most one in so many of the nodes below.
  static let skew = 16
  /// Mixing steps at a node.
  static let rounds = 32

  private let seed: UInt64
  /// Nodes of the subtree, this one included.
  let size: Int

  /// The same in all processes: a tree of another seed is another problem.
  static let root = SkewedTree(seed: 2_026, size: nodes)

  private init(seed: UInt64, size: Int) {
    self.seed = seed
    self.size = size
  }

  /// The light child gets a random part of its most, on a random side.
  var children: (SkewedTree, SkewedTree) {
    let below = size - 1
    let mixed = mix(seed)
    let light = Int(Double(below) * Double(mixed >> 11) * 0x1p-53) / Self.skew
    let left = mixed & 1 == 0 ? light : below - light
    return (
      SkewedTree(seed: mixed &+ 1, size: left),
      SkewedTree(seed: mixed &+ 2, size: below - left)
    )
  }

  /// The work at a node: about a hundred nanoseconds of arithmetic.
  var value: UInt64 {
    var state = seed
    for _ in 0..<Self.rounds { state = mix(state) }
    return state >> 40
  }

  /// Expands nodes level by level until there are so many subtrees.
  func expanded(to count: Int) -> (above: [SkewedTree], subtrees: [SkewedTree]) {
    var above: [SkewedTree] = []
    var queue = [self]
    while queue.count < count, let next = queue.firstIndex(where: { $0.size > 1 }) {
      let node = queue.remove(at: next)
      above.append(node)
      let (left, right) = node.children
      for child in [left, right] where child.size > 0 { queue.append(child) }
    }
    return (above, queue)
  }

  /// Nodes on the longest path down from this one.
  var longestPath: Int {
    if size == 0 { return 0 }
    let (left, right) = children
    return 1 + max(left.longestPath, right.longestPath)
  }

  /// Nodes that have others below them.
  var forks: Int {
    if size <= 1 { return 0 }
    let (left, right) = children
    return 1 + left.forks + right.forks
  }
}

/// SplitMix64's mixer.
@inline(__always)
private func mix(_ seed: UInt64) -> UInt64 {
  var mixed = seed &+ 0x9E37_79B9_7F4A_7C15
  mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
  mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
  return mixed ^ (mixed >> 31)
}
