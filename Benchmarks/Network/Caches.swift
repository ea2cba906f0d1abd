import Techniques

/// Cache nodes in front of an origin.
struct Caches: ~Copyable {
  /// Requests that went to the origin.
  var missed = 0
  private var nodes: UnsafeMutableBufferPointer<LRUCache>

  /// - Parameter capacity: of each, in entries.
  init(count: Int, capacity: Int) {
    nodes = .allocate(capacity: count)
    for index in 0..<count {
      (nodes.baseAddress! + index).initialize(to: LRUCache(capacity: capacity))
    }
  }

  deinit {
    nodes.baseAddress!.deinitialize(count: nodes.count)
    nodes.deallocate()
  }

  /// The value of a key, from a node's cache or else from the origin by way of that cache.
  mutating func request(_ key: UInt64, from node: Int) -> UInt64 {
    if let value = nodes[node].value(of: key) { return value }
    missed += 1
    let value = mixedHash(key)
    nodes[node].insert(value, for: key)
    return value
  }
}
