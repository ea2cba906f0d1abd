import Glibc
import Harness
import Results
import Techniques

extension Experiment {
  /// Objects that one request allocates and that die with it.
  static let arena = Experiment(
    id: "memory/arena",
    title: "Objects that die together: free each one → reset an arena",
    slot: "performance/memory/pools",
    claim: """
      Objects that one request allocates and that all die at its end are several times cheaper in an \
      arena than from an allocator, until the work on each object outweighs its allocation; objects \
      that outlive the request rule an arena out.
      """,
    mechanism: """
      An allocator keeps track of every block, since any of them may be freed at any time. Its fast \
      path holds only a few blocks (glibc: seven per size), so a request of many objects costs more \
      than one malloc and free at once. An arena holds a position and an end. Allocating an object is \
      rounding up, a comparison and an addition, inlined; consecutive objects are adjacent, without \
      headers, and fill fewer lines. `reset` sets the position back: no walk frees the objects.
      """,
    limits: """
      Nothing is reused before the reset, so a request that never ends grows without bound. What must \
      outlive the request has to be copied out; with `ArenaBox` the compiler checks that, and a value \
      that owns something else is deinitialised with its box. In a request of few objects the gain is \
      lost in everything else.
      """,
    diagram: """
      flowchart LR
        subgraph before["malloc and free: {malloc and free}"]
          direction LR
          a1["object"] --> a2["object"]
          f["free"] -.-> a1
          f -.-> a2
        end
        others["jemalloc: {jemalloc}, mimalloc: {mimalloc}, tcmalloc: {tcmalloc}"]
        subgraph after["arena: {arena}"]
          direction LR
          chunk["object | object | object | position →"]
          reset["reset: position ← start"] -.-> chunk
        end
        before -- "{speedup} for {point} objects" --> after
      """,
    sweep: .count("objects a request", [16, 256, 4_096, 65_536], smoke: 16),
    signals: ["instructions"],
    work: { objects in Work(elements: Double(requests(objects) * objects), each: "object") },
    variants: Variant.underEachAllocator(
      "malloc and free", shows: ["Node", "serveFromMalloc"], prepare: { $0.value },
      run: { objects in
        Passes(over: opaque(objects), toReach: enough).sum { serveFromMalloc(opaque(objects)) }
      }) + [
        Variant(
          "arena", shows: ["Node", "serveFromArena"],
          prepare: { ArenaInput(objects: $0.value) },
          run: { input in
            Passes(over: opaque(input.objects), toReach: enough).sum {
              serveFromArena(input.objects, &input.arena)
            }
          })
      ],
    model: { question throws(MissingNumber) in
      let load = try question.latency(of: .l1)
      let allocation: Time
      switch question.variant {
      case "malloc and free":
        allocation = try question.time("malloc.free.64.many").named("malloc and free")
      // Each position depends on the one before, through memory.
      case "arena": allocation = load.named("new position")
      default: return nil
      }
      // Objects allocated in order lie in order, so that the hardware prefetches the list.
      let level = question.home(of: Double(question.value * MemoryLayout<Node>.stride))
      let line = Size.exactly(64) / (try question.readBandwidth(of: level))
      return Model(
        allocation
          + longest(load.named("walk over the list"), line.named("bandwidth of \(level.title)")))
    })
}

/// The least number of objects in one kernel call.
private let enough = 4_096

private func requests(_ objects: Int) -> Int { Passes(over: objects, toReach: enough).count }

/// 48 bytes, as for a parser's token.
private struct Node {
  var next: UnsafeMutablePointer<Node>?
  var key: Int
  var payload: (Int, Int, Int, Int) = (0, 0, 0, 0)
}

private typealias List = UnsafeMutablePointer<Node>?

@inline(__always)
private func total(_ list: List) -> Int {
  var (sum, node) = (0, list)
  while let current = node {
    sum &+= current.pointee.key
    node = current.pointee.next
  }
  return sum
}

@inline(never)
private func serveFromMalloc(_ objects: Int) -> Int {
  var list: List = nil
  for key in 0..<objects {
    // SAFETY: freed below, after its last use.
    let node = malloc(MemoryLayout<Node>.size)!.assumingMemoryBound(to: Node.self)
    node.initialize(to: Node(next: list, key: key))
    list = node
  }
  let sum = total(list)
  while let node = list {
    list = node.pointee.next
    free(node)
  }
  return sum
}

private final class ArenaInput: @unchecked Sendable {
  let objects: Int
  var arena = Arena()
  init(objects: Int) { self.objects = objects }
}

@inline(never)
private func serveFromArena(_ objects: Int, _ arena: inout Arena) -> Int {
  var list: List = nil
  for key in 0..<objects {
    let node = arena.allocate(Node.self)
    node.initialize(to: Node(next: list, key: key))
    list = node
  }
  let sum = total(list)
  arena.reset()
  return sum
}
