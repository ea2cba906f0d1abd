import Harness
import Results

extension Experiment {
  /// A list of class nodes, of indices into an array, and of no links at all.
  static let linkedListToArray = Experiment(
    id: "memory/linked-list-to-array",
    title: "Linked list: class nodes → indices in an array → no links",
    slot: "performance/memory/layout",
    claim: """
      Walking a list is several times faster when its links are indices into one array instead of \
      references to class nodes, and by much more, in an aged list, where the smaller nodes stay \
      in a nearer cache than the larger ones did; the values in order, without links, are faster \
      still. When both kinds of nodes come from memory, the link itself is what costs.
      """,
    mechanism: """
      A node of a class takes 48 bytes of the heap: a header of 16, the value, the reference, and \
      the allocator's header, rounded. The loop over nodes compiles to a load of the value, a load \
      of the reference, `swift_retain` of the next node and `swift_release` of this one: two \
      atomic operations a node that write to every line on the way. One \
      node in four lies across two lines. A link of 8 bytes holds value and index; its loop is \
      load, add, load, compare, branch. Either way the next address is known only when this node \
      has arrived: one load at a time; the counting of an arrived node goes on beside it. Without links the addresses are known ahead, and the loop \
      is one addition an element.
      """,
    limits: """
      Fresh lists lie in order, so that the hardware fetches ahead and the reference counting is \
      what the array saves; lists that grow and shrink for a while come to lie in any order, of \
      which the aged list, shuffled at random, is the extreme. Indices must be kept valid by hand: \
      a stale one finds another node and no error. Inserting into the middle of an array without \
      links moves half of it. A list that holds large elements walks no faster for smaller links.
      """,
    diagram: """
      flowchart TB
        subgraph nodes["class nodes: {class nodes}"]
          direction LR
          n0["header · value · next"] -- "retain, release" --> n1["header · value · next"]
        end
        subgraph links["indices in an array: {indices in an array}"]
          direction LR
          l0["value · 5"] --> l1["value · 2"]
        end
        subgraph values["values in order: {values in order}"]
          v["<b>v v v v v v v v</b>"]
        end
        nodes --> links -- "{speedup} at {point} in all" --> values
      """,
    sweep: .named("nodes", Size.all.map(\.label), smoke: 1),
    signals: ["cache misses"],
    work: { _ in Work(elements: Double(steps), each: "node", bytes: Double(steps * 4)) },
    variants: [
      Variant(
        "class nodes", shows: ["Node", "totalOfNodes"],
        prepare: { NodeLists(Size.all[$0.value], $0) },
        run: { lists in lists.turns.next { totalOfNodes(lists.heads[$0]) } }),
      Variant(
        "indices in an array", shows: ["Link", "totalOfLinks"],
        prepare: { LinkLists(Size.all[$0.value], $0) },
        run: { lists in
          lists.turns.next {
            totalOfLinks(lists.links.opaqueElements.span, from: lists.heads[$0])
          }
        }),
      Variant(
        "values in order", shows: ["totalOfValues"],
        prepare: { ValueLists(Size.all[$0.value]) },
        run: { lists in
          lists.turns.next { list in
            let length = lists.turns.length
            return totalOfValues(
              lists.values.opaqueElements.span.extracting(list * length..<(list + 1) * length))
          }
        }),
    ],
    predict: predictWalk)
}

private func predictWalk(_ question: Question) throws(MissingNumber) -> Prediction? {
  let size = Size.all[question.value]
  let counting = try question.number("retain.release")
  let addition = try question.number("add.integer.latency")
  let near = try question.latency(of: .l1)
  /// Nanoseconds to an element of `bytes` that a link leads to; `address` from link to address.
  func link(_ bytes: Double, address: Double) throws(MissingNumber) -> Double {
    let set = size.set(bytes)
    guard size.isAged else {
      return try question.streaming(bytes, of: set, compute: near + address).time
    }
    return try question.chaseLatency(in: set) + address
  }
  // A node in four begins 48 bytes into its line and ends on the next one.
  let reference = (size.isAged ? 1.25 : 1) * (try link(48, address: 0))
  let before = max(reference, counting)
  let isLinked = question.candidate == "indices in an array"
  let after =
    isLinked
    ? try link(8, address: addition)
    : try question.streaming(4, of: size.set(4), compute: addition).time
  return Prediction(
    speedup: before / after,
    because: """
      A node costs the longer of a retain with a release (\(counting.brief) ns) and the way to it, \
      \(size.isAged ? "one in four on two lines" : "in the order of the heap") \
      (\(reference.brief) ns). \
      \(isLinked ? "A link of 8 bytes, whose index takes a cycle to become an address," : "A value, an addition or 4 bytes that move,") \
      costs \(after.brief) ns\(size.isCold ? "; at this length no list is still in a cache when its turn comes again" : "").
      """)
}

/// Nodes that one kernel call visits.
private let steps = 1 << 14

private struct Size: Sendable {
  let nodes: Int
  let isAged: Bool

  static let all = [1 << 8, 1 << 13, 1 << 16, 1 << 20].flatMap { nodes in
    [false, true].map { Size(nodes: nodes, isAged: $0) }
  }

  var label: String {
    let count = nodes >= 1 << 20 ? "1 Mi" : nodes >= 1 << 10 ? "\(nodes >> 10) Ki" : "\(nodes)"
    return "\(count), \(isAged ? "aged" : "fresh")"
  }

  /// Whether a list has left the caches when its turn comes again: few calls make a sample, and
  /// between two samples of a variant the others walk their lists.
  var isCold: Bool { nodes / steps > 16 }

  /// Bytes gone through until a list's turn comes again, at so many for a node.
  func set(_ bytes: Double) -> Double {
    // Class nodes twice, as baseline and as its own proof; links; values.
    Double(nodes) * (isCold ? 48 + 48 + 8 + 4 : bytes)
  }

  /// The place of each node, in the order of the lists.
  func order(_ point: Point) -> [Int32] {
    let order = isAged ? VisitOrder.random(nodes, for: point) : VisitOrder.ascending(nodes)
    return withExtendedLifetime(order) { Array(order.elements) }
  }
}

private final class Node {
  let value: Int32
  var next: Node?

  init(_ value: Int32) { self.value = value }
}

/// Nodes lie as they were made, in the order of the heap. Each list holds every value as often as
/// the others: the low bits of a visiting order go round within 256 steps.
private struct NodeLists: @unchecked Sendable {
  let turns: Turns
  let heads: [Node]

  init(_ size: Size, _ point: Point) {
    let turns = Turns(size.nodes, steps: steps)
    let order = size.order(point)
    let nodes = (0..<size.nodes).map { Unmanaged.passRetained(Node(Int32($0 & 0xff))) }
    // Hands each node's reference on without counting, which would take longer than the rest.
    for place in 0..<size.nodes where (place + 1) % turns.length != 0 {
      nodes[Int(order[place])]._withUnsafeGuaranteedRef {
        $0.next = nodes[Int(order[place + 1])].takeRetainedValue()
      }
    }
    heads = (0..<turns.count).map { nodes[Int(order[$0 * turns.length])].takeRetainedValue() }
    self.turns = turns
  }
}

/// A value, and the index of the next one.
private struct Link: BitwiseCopyable {
  static let end = UInt32.max
  var value: Int32
  var next: UInt32
}

private struct LinkLists: Sendable {
  let turns: Turns
  let heads: [UInt32]
  let links: AlignedBuffer<Link>

  init(_ size: Size, _ point: Point) {
    let turns = Turns(size.nodes, steps: steps)
    let order = size.order(point)
    links = AlignedBuffer(count: size.nodes) { _ in Link(value: 0, next: Link.end) }
    for place in 0..<size.nodes {
      let isLast = (place + 1) % turns.length == 0
      links.elements[Int(order[place])] = Link(
        value: order[place] & 0xff, next: isLast ? Link.end : UInt32(order[place + 1]))
    }
    heads = (0..<turns.count).map { UInt32(order[$0 * turns.length]) }
    self.turns = turns
  }
}

private struct ValueLists: Sendable {
  let turns: Turns
  let values: AlignedBuffer<Int32>

  init(_ size: Size) {
    turns = Turns(size.nodes, steps: steps)
    values = AlignedBuffer(count: size.nodes) { Int32($0 & 0xff) }
  }
}

@inline(never)
private func totalOfNodes(_ head: Node?) -> Int {
  var total = 0
  var node = head
  while let current = node {
    total += Int(current.value)
    node = current.next
  }
  return total
}

@inline(never)
private func totalOfLinks(_ links: Span<Link>, from head: UInt32) -> Int {
  var total = 0
  var index = head
  while index != Link.end {
    let link = links[Int(index)]
    total += Int(link.value)
    index = link.next
  }
  return total
}

@inline(never)
private func totalOfValues(_ values: Span<Int32>) -> Int {
  var total = 0
  for index in values.indices { total += Int(values[index]) }
  return total
}
