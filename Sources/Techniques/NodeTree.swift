import CPerflab

/// Sorted keys with an index of nodes of sixteen keys: one cache line, compared without a branch.
///
/// A static B⁺ tree without pointers: the lowest layer holds the keys themselves in order; a node
/// above has 17 children, found by arithmetic. A search of a million keys reads 5 lines where
/// binary search reads 20 words far apart.
///
/// Larger nodes would shorten the wait of one search that depends on another, and take longer for
/// searches that overlap: these are limited by the comparisons and by the lines that they read.
/// Source: S. Slotin, "Algorithms for Modern Hardware", section "Static B-Trees" (2022).
public final class NodeTree: @unchecked Sendable {
  // SAFETY (@unchecked): never changed after `init`.

  /// The number of keys.
  public let count: Int
  /// Where each layer starts, in keys; the layer of all keys first, the root last.
  @usableFromInline let starts: UnsafeMutablePointer<Int>
  @usableFromInline let layers: Int
  /// Less 2³¹, so that signed comparisons order them: AVX2 has no others.
  @usableFromInline let keys: UnsafeMutablePointer<Int32>

  /// Copies ascending keys. They must be less than `UInt32.max`, which fills the last nodes.
  /// - Complexity: O(n).
  public init(ascending: Span<UInt32>) {
    count = ascending.count
    var nodes = [max(1, (count + 15) / 16)]
    while nodes.last! > 1 { nodes.append((nodes.last! + 16) / 17) }
    layers = nodes.count
    starts = .allocate(capacity: layers)
    var total = 0
    for (layer, size) in nodes.enumerated() {
      (starts + layer).initialize(to: total)
      total += size * 16
    }
    keys = UnsafeMutableRawPointer.allocate(byteCount: total * 4, alignment: 64)
      .bindMemory(to: Int32.self, capacity: total)
    keys.initialize(repeating: .max, count: total)
    for place in ascending.indices { keys[place] = Self.signed(ascending[place]) }
    // Key i of a node separates child i from child i + 1: the latter's smallest key.
    var span = 1
    for layer in 1..<max(1, layers) {
      for node in 0..<nodes[layer] {
        for i in 0..<16 {
          let leaf = (node * 17 + i + 1) * span
          if leaf < nodes[0] { keys[starts[layer] + node * 16 + i] = keys[leaf * 16] }
        }
      }
      span *= 17
    }
  }

  deinit {
    keys.deallocate()
    starts.deallocate()
  }

  /// The smallest key that is not less than `wanted`; nil where all are less.
  /// - Complexity: O(log₁₇ n).
  @inlinable
  public func lowerBound(_ wanted: UInt32) -> UInt32? {
    let rank = rank(wanted)
    return rank < count ? UInt32(bitPattern: keys[rank] ^ .min) : nil
  }

  /// How many keys are less than `wanted`.
  /// - Complexity: O(log₁₇ n).
  @inlinable
  public func rank(_ wanted: UInt32) -> Int {
    // SAFETY: separators at and past the end are `.max`, so that no search leaves its layer; each
    // node has 16 keys.
    let wanted = Self.signed(wanted)
    // Where the node begins in its layer, in keys.
    var node = 0
    var layer = layers &- 1
    while layer > 0 {
      let twice = Int(perflab_twice_less16(keys + (starts[layer] &+ node), wanted))
      node = 17 &* node &+ 8 &* twice
      layer &-= 1
    }
    return node &+ Int(perflab_twice_less16(keys + node, wanted)) &>> 1
  }

  @inlinable @inline(__always)
  static func signed(_ key: UInt32) -> Int32 { Int32(bitPattern: key) ^ .min }
}
