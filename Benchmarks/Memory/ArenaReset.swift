import Glibc
import Harness
import Results
import Techniques

extension Experiment {
  /// Objects that a request makes and that die with it.
  static let arena = Experiment(
    id: "memory/arena",
    title: "What dies together: free each → reset an arena",
    slot: "performance/memory/pools",
    claim: """
      Objects that are made for one request and all die at its end are made and ended several \
      times faster in an arena than by an allocator, since making one is an addition and ending \
      all is one store; the gain goes where the work on each object outweighs its making, and \
      where objects outlive the request an arena does not apply.
      """,
    mechanism: """
      An allocator keeps account of each block, since any of them may be freed at any time, and \
      its fast path holds a few blocks only (glibc: seven a size), so that a request of many \
      objects costs more than a malloc and a free at once. Where \
      the end is common, no account is needed: the arena holds a position and an end. An object \
      costs rounding up, a comparison and an addition, inlined; objects made one after the other \
      lie side by side, without headers between them, so that they fill fewer lines; `reset` puts \
      the position back, and the walk over all objects to free them is not there at all.
      """,
    limits: """
      Nothing is reused before the reset: a request that runs on for ever grows for ever. What \
      must outlive it has to be copied out; `ArenaBox` lets the compiler see to that, and ends \
      its value with the box, which objects that own something else need. A single request with \
      few objects is lost in the noise of everything else.
      """,
    diagram: """
      flowchart LR
        subgraph before["malloc and free: {malloc and free}"]
          direction LR
          a1["object"] --> a2["object"] --> a3["object"]
          f["free"] -.-> a1
          f -.-> a2
          f -.-> a3
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
    variants: [mallocVariant("malloc and free")]
      + Preloaded.allCases.map { mallocVariant($0.name, preloaded: $0) } + [
        Variant(
          "arena", shows: ["Node", "serveFromArena"],
          prepare: { ArenaInput(objects: $0.value) },
          run: { input in
            Passes(over: opaque(input.objects), toReach: enough).sum {
              serveFromArena(input.objects, &input.arena)
            }
          })
      ],
    predict: { question throws(MissingNumber) in
      guard question.candidate == "arena" else { return nil }
      let allocator = try question.number("malloc.free.64.many")
      let link = try question.latency(of: .l1)
      let level = question.home(of: Double(question.value * MemoryLayout<Node>.stride))
      let line = 64 / (try question.readBandwidth(of: level))
      let walk = max(link, line)
      return Prediction(
        speedup: (allocator + walk) / (link + walk),
        because: """
          Each object costs malloc and free among many (\(allocator.brief) ns) or a new position, which \
          depends on the last (\(link.brief) ns); and in both cases a step of the walk over the \
          list: the longer of a load (\(link.brief) ns) and a line from \(level.title) \
          (\(line.brief) ns), since objects made in order lie in order.
          """)
    })
}

/// Objects in one kernel call, at least.
private let enough = 4_096

private func requests(_ objects: Int) -> Int { Passes(over: objects, toReach: enough).count }

/// 48 bytes: what a parser makes for a token, say.
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

private func mallocVariant(_ name: String, preloaded: Preloaded? = nil) -> Variant {
  Variant(
    name, shows: ["Node", "serveFromMalloc"], environment: Preloaded.environment(preloaded),
    needs: Preloaded.needs(preloaded), prepare: { $0.value },
    run: { objects in
      Passes(over: opaque(objects), toReach: enough).sum { serveFromMalloc(opaque(objects)) }
    })
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
