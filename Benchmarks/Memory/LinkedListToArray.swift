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

private func predictWalk(_ question: OldQuestion) throws(MissingNumber) -> Prediction? {
  let size = Size.all[question.value]
  let nodes = size.bytes(48)
  let level = question.home(of: nodes) == .l1 ? "l1" : "l2"
  let counting = try question.number("retain.release.next.\(level)")
  let addition = try question.number("add.integer.latency")
  let near = try question.latency(of: .l1)
  // Calls of a sample, as the harness makes them of the times of values and of nodes.
  let slowest = max(counting, size.isAged ? try question.chaseLatency(in: size.all) : near)
  let calls = SampleLength.calls(
    fastest: Double(steps) * addition, slowest: Double(steps) * slowest)
  func rounds(_ calls: Int) -> Double { Double(calls * steps) / Double(size.nodes) }
  let earlier = SampleLength.warmUpCalls(of: calls, each: Double(steps) * slowest)
  /// Nanoseconds to an element of `bytes` that a link leads to.
  func way(_ bytes: Double) throws(MissingNumber) -> Double {
    let own = size.bytes(bytes)
    guard size.isAged else {
      return try question.streaming(bytes, of: own, compute: near).time
    }
    let first = Turns.firstVisits(
      perLine: 64 / bytes, rounds: rounds(calls), after: rounds(earlier))
    let again = try question.link(of: bytes, in: own)
    // The others' lists drive the lines out; translations are soon there again where they fit.
    let reach = try question.number("tlb.reach")
    let walk = own <= reach && size.all > reach ? try question.number("tlb.walk") : 0
    return first * (try question.chaseLatency(in: size.all) - walk) + (1 - first) * again
  }
  let reference = try way(48)
  let before = max(reference, counting)
  let isLinked = question.candidate == "indices in an array"
  // The end of a pass over the values comes as a surprise to the branch.
  let end = (try question.number("branch.miss")) / Double(min(size.nodes, steps))
  let after =
    isLinked
    ? try way(8) + addition
    : try question.streaming(4, of: size.bytes(4), compute: addition).time + end
  let order =
    size.isAged
    ? """
    the first to each line from where the other variants' lists, \((size.all / 1e6).brief) MB \
    with it, have left it
    """ : "in the order of the heap"
  let step =
    isLinked
    ? "A link of 8 bytes, whose index takes a cycle to become an address,"
    : """
    A value, an addition or 4 bytes that move, with its part of the wrong guess that ends a pass,
    """
  return Prediction(
    speedup: before / after,
    because: """
      A node costs the longer of a retain with a release, of another object each time \
      (\(counting.brief) ns), and the way to it (\(reference.brief) ns), \(order). \(step) costs \
      \(after.brief) ns.
      """)
}

extension OldQuestion {
  /// Way from a link to the next in `own` bytes of them, all visited at random, over and over. Where
  /// several lie on a line the first level holds its share of the visits; what it does not hold,
  /// and every line that is visited once, is on a cycle through all.
  fileprivate func link(of bytes: Double, in own: Double) throws(MissingNumber) -> Double {
    let cycle = try chaseLatency(in: own)
    guard bytes * 2 <= 64, let nearest = capacity(of: .l1) else { return cycle }
    let held = min(1, Double(nearest) / own)
    return held * (try latency(of: .l1)) + (1 - held) * cycle
  }
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

  /// Of a list, at so many for a node.
  func bytes(_ each: Double) -> Double { Double(nodes) * each }

  /// Bytes of all variants' lists: class nodes twice, as baseline and as its own proof; links;
  /// values.
  var all: Double { bytes(48 + 48 + 8 + 4) }

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
