import CPerflab

/// Memory nodes: which there are, and which one holds a page. Source: numa(3), move_pages(2).
public enum NUMA {
  /// The nodes that this process may allocate on, ascending. Empty where the kernel knows none.
  public static var nodes: [Int] {
    let mask = perflab_numa_nodes()
    return (0..<Int(PERFLAB_NODE_LIMIT)).filter { mask >> UInt64($0) & 1 == 1 }
  }

  /// The node that holds each page; nil for a page that is not in memory (never touched, or
  /// swapped out). Addresses may lie anywhere in their page.
  /// - Throws: `SystemError` where the kernel refuses the question as a whole.
  public static func locate(_ pages: [UnsafeMutableRawPointer]) throws(SystemError) -> [Int?] {
    if pages.isEmpty { return [] }
    var nodes = [Int32](repeating: -1, count: pages.count)
    let error = perflab_numa_locate(pages.map { Optional($0) }, pages.count, &nodes)
    if error != 0 { throw SystemError(call: "move_pages", errno: error) }
    return nodes.map { $0 >= 0 ? Int($0) : nil }
  }

  /// Has each page of `memory` lie on the node of the thread that touches it first, and stay there:
  /// the kernel's default but for its balancing, which leaves memory with a policy of its own alone.
  /// To be called before the memory is touched.
  /// - Throws: `SystemError` where the kernel refuses.
  public static func keepWhereTouched(
    _ memory: UnsafeMutableRawBufferPointer
  ) throws(SystemError) {
    guard let start = memory.baseAddress else { return }
    // Preferred without a node means the local one (mbind(2)).
    let error = perflab_numa_place(start, memory.count, PERFLAB_PLACE_PREFER, 0)
    if error != 0 { throw SystemError(call: "mbind to the local node", errno: error) }
  }

  static func mask(of nodes: [Int]) throws(SystemError) -> UInt64 {
    var mask: UInt64 = 0
    for node in nodes {
      guard 0..<Int(PERFLAB_NODE_LIMIT) ~= node else {
        throw SystemError(call: "mbind to node \(node)", errno: 22)
      }
      mask |= 1 << UInt64(node)
    }
    return mask
  }
}

/// On which nodes a mapping's pages are to be.
public enum MemoryPolicy: Equatable, Sendable {
  /// Where the touching thread runs: the kernel's default.
  case firstTouch
  /// On these nodes and no other.
  case bind([Int])
  /// Page by page in turn over these nodes.
  case interleave([Int])
  /// On this node if it has room.
  case prefer(Int)
}
