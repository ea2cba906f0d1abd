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
      Objects that all die at the end of a request are several times cheaper in an arena than from an \
      allocator, until the work on an object outweighs its allocation or some outlive the request.
      """,
    mechanism: """
      An allocator keeps track of every block, since any of them may be freed at any time. Its \
      fast path holds only a few blocks (glibc: seven per size), fewer than a request has objects. \
      An arena holds a position and an end: allocating is rounding up, a comparison and an \
      addition. Its objects are adjacent, without headers. `reset` sets the position back and \
      frees no object individually.
      """,
    limits: """
      Nothing is reused before the reset, so a request that never ends grows without bound. An object \
      that outlives the request has to be copied out; with `ArenaBox` the compiler checks that, and \
      a value that owns something else is deinitialised with its box.
      """,
    diagram: """
      flowchart LR
        subgraph before["malloc and free: {malloc and free}"]
          direction LR
          f["free each"] -.-> a1["object"] --> a2["object"]
        end
        others["jemalloc: {jemalloc}, mimalloc: {mimalloc}, tcmalloc: {tcmalloc}"]
        subgraph after["arena: {arena}"]
          direction LR
          reset["reset: position ← start"] -.-> chunk["object | object | object | position →"]
        end
        before -- "{speedup} for {point} objects" --> after
      """,
    sweep: .count("objects a request", [16, 256, 4_096, 65_536], smoke: 16),
    signals: ["instructions"],
    work: { objects in Work(elements: Double(requests(objects).count * objects), each: "object") },
    variants: Variant.underEachAllocator(
      "malloc and free", shows: ["Node", "serveFromMalloc"], prepare: { $0.value },
      run: { objects in requests(opaque(objects)).sum { serveFromMalloc(opaque(objects)) } }) + [
        Variant(
          "arena", shows: ["Node", "serveFromArena"],
          prepare: { ArenaInput(objects: $0.value) },
          run: { input in
            requests(opaque(input.objects)).sum { serveFromArena(input.objects, &input.arena) }
          })
      ] + arenaYardsticks(requests),
    model: timeOfRequest)
}

/// Of one kernel call.
private func requests(_ objects: Int) -> Passes { Passes(over: objects, toReach: 4_096) }

/// 48 bytes, as for a parser's token.
private struct Node {
  var next: UnsafeMutablePointer<Node>?
  var key: Int
  var payload: (Int, Int, Int, Int) = (0, 0, 0, 0)
}

@inline(__always)
private func total(_ list: UnsafeMutablePointer<Node>?) -> Int {
  var (sum, node) = (0, list)
  while let current = node {
    sum &+= current.pointee.key
    node = current.pointee.next
  }
  return sum
}

@inline(never)
private func serveFromMalloc(_ objects: Int) -> Int {
  var list: UnsafeMutablePointer<Node>?
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

@inline(never)
private func serveFromArena(_ objects: Int, _ arena: inout Arena) -> Int {
  var list: UnsafeMutablePointer<Node>?
  for key in 0..<objects {
    let node = arena.allocate(Node.self)
    node.initialize(to: Node(next: list, key: key))
    list = node
  }
  let sum = total(list)
  arena.reset()
  return sum
}
