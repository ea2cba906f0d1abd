import Harness

/// Nodes of an experiment on lists, and whether their order in memory is that of the lists.
struct ListSize: Sendable {
  /// Nodes of all lists; one kernel call visits as many as `steps`.
  let nodes: Int
  /// Whether the lists visit memory at random, as after many insertions and removals.
  let isAged: Bool

  /// Nodes that one kernel call visits.
  static let steps = 1 << 14

  static let all = [1 << 8, 1 << 13, 1 << 16, 1 << 20].flatMap { nodes in
    [false, true].map { ListSize(nodes: nodes, isAged: $0) }
  }

  var label: String {
    let count = nodes >= 1 << 20 ? "1 Mi" : nodes >= 1 << 10 ? "\(nodes >> 10) Ki" : "\(nodes)"
    return "\(count), \(isAged ? "aged" : "fresh")"
  }

  /// Of a list with so many bytes for a node.
  func bytes(_ each: Double) -> Double { Double(nodes) * each }

  var turns: Turns { Turns(nodes, steps: Self.steps) }

  /// The place of each node, in the order of the lists.
  func order(_ point: Point) -> [Int32] {
    let order = isAged ? VisitOrder.random(nodes, for: point) : VisitOrder.ascending(nodes)
    return withExtendedLifetime(order) { Array(order.elements) }
  }
}

/// Nodes lie as they were made, in the order of the heap. Each list holds every value as often as
/// the others, since the low bits of a visiting order repeat every 256 steps.
struct NodeLists: @unchecked Sendable {
  let turns: Turns
  let heads: [ListNode]

  init(_ size: ListSize, _ point: Point) {
    let turns = size.turns
    let order = size.order(point)
    let nodes = (0..<size.nodes).map { Unmanaged.passRetained(ListNode(Int32($0 & 0xff))) }
    // Passes each node's reference on without counting, which would take longer than the rest.
    for place in 0..<size.nodes where (place + 1) % turns.length != 0 {
      nodes[Int(order[place])]._withUnsafeGuaranteedRef {
        $0.next = nodes[Int(order[place + 1])].takeRetainedValue()
      }
    }
    heads = (0..<turns.count).map { nodes[Int(order[$0 * turns.length])].takeRetainedValue() }
    self.turns = turns
  }
}

/// The same lists, as indices in one array.
struct LinkLists: Sendable {
  let turns: Turns
  let heads: [UInt32]
  let links: AlignedBuffer<ListLink>

  init(_ size: ListSize, _ point: Point) {
    let turns = size.turns
    let order = size.order(point)
    links = AlignedBuffer(count: size.nodes) { _ in ListLink(value: 0, next: ListLink.end) }
    for place in 0..<size.nodes {
      let isLast = (place + 1) % turns.length == 0
      links.elements[Int(order[place])] = ListLink(
        value: order[place] & 0xff, next: isLast ? ListLink.end : UInt32(order[place + 1]))
    }
    heads = (0..<turns.count).map { UInt32(order[$0 * turns.length]) }
    self.turns = turns
  }
}

/// The values of the same lists, in their order.
struct ValueLists: Sendable {
  let turns: Turns
  let values: AlignedBuffer<Int32>

  init(_ size: ListSize) {
    turns = size.turns
    values = AlignedBuffer(count: size.nodes) { Int32($0 & 0xff) }
  }
}
