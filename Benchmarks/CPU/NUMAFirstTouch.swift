import Glibc
import Harness
import Results

extension Experiment {
  /// On which node a page lies is decided by who writes to it first.
  static let numaFirstTouch = Experiment(
    id: "cpu/numa-first-touch",
    title: "Pages of several nodes' threads: initialised by one → by their users",
    slot: "performance/cpu/hardware",
    claim: """
      On a machine with more than one memory node, threads that read large data are faster when \
      each has initialised its own part than when one thread has initialised all; with one node, \
      or data that caches hold, both are the same.
      """,
    mechanism: """
      Allocating reserves addresses; a page gets memory when it is first written to, on the node of \
      the thread that does so. Initialised by one thread, all pages lie on its node: the others \
      read across the interconnect, and one memory controller serves all. Where the pages are is \
      asked from the kernel (`move_pages`) before anything is timed, and a placement that is not \
      as planned is an error. The kernel's balancing, which would move the pages after a while, is \
      told to leave them alone. The loops that are timed are the same code on the same threads.
      """,
    limits: """
      One node: nothing to gain. Threads that are not pinned move away from their pages, and the \
      kernel's balancing may move pages after them; where it is on it also mends in time what one \
      thread has initialised. Data that all threads read in no pattern \
      are better interleaved over the nodes.
      """,
    diagram: """
      flowchart LR
        subgraph before["one initialises: {one initialises}"]
          direction LR
          t0["thread on node 0"] --> m0["node 0: all pages"]
          t1["thread on node 1"] -- "interconnect" --> m0
        end
        subgraph after["users initialise: {users initialise}"]
          direction LR
          u0["thread on node 0"] --> n0["node 0: its pages"]
          u1["thread on node 1"] --> n1["node 1: its pages"]
        end
        before -- "{speedup} for {point} a thread" --> after
      """,
    sweep: .bytes(
      "bytes a thread", [1 << 20, 64 << 20, 256 << 20], smoke: 1 << 20,
      needs: { [.memory(4 * $0)] }),
    needs: [.numaNodes(2), .cores(2)],
    work: { Work(elements: 2 * Double($0) / 8, bytes: 2 * Double($0)) },
    variants: [
      Variant(
        "one initialises", shows: ["NodeData", "addUp"],
        prepare: { try NodeData($0, byUsers: false) }, run: { addUp($0) }),
      Variant(
        "users initialise", shows: ["NodeData", "addUp"],
        prepare: { try NodeData($0, byUsers: true) }, run: { addUp($0) }),
    ],
    // The machine's numbers know one kind of memory, not the way to another node's.
    predict: { _ in nil })
}

/// The pages did not come to lie where first touch should have put them.
private struct Misplaced: Error {
  let wanted: Int
  let found: [Int?]
}

/// A part for each of two threads on different nodes.
private final class NodeData: @unchecked Sendable {
  // SAFETY (@unchecked): each member of the pair writes to its own part only.
  let pair: PlacedPair
  let parts: [UnsafeMutableBufferPointer<Int>]
  private let memory: UnsafeMutableRawBufferPointer

  init(_ point: Point, byUsers: Bool) throws {
    let cpus = try Placement.processorPerNode(among: point.cpus)
    guard cpus.count >= 2 else {
      throw TeamError.tooFewProcessors(needed: 2, available: cpus.count)
    }
    pair = try PlacedPair(Array(cpus.prefix(2)))
    // Fresh from the kernel: memory that was in use before has been touched.
    let bytes = 2 * point.value
    let map = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let map, map != MAP_FAILED else { throw Misplaced(wanted: bytes, found: []) }
    memory = UnsafeMutableRawBufferPointer(start: map, count: bytes)
    // The kernel's balancing would move pages to their users, and does not say where a page is
    // that it watches.
    try Placement.keepWhereTouched(memory)
    let words = memory.bindMemory(to: Int.self)
    let half = words.count / 2
    let parts = [words[..<half], words[half...]].map { UnsafeMutableBufferPointer(rebasing: $0) }
    self.parts = parts
    pair.run { member in
      for (index, part) in parts.enumerated() where byUsers ? index == member : member == 0 {
        for element in part.indices { part[element] = element }
      }
    }
    for member in 0..<2 {
      let wanted = try Placement.node(of: cpus[byUsers ? member : 0])
      let found = try Placement.nodes(of: UnsafeMutableRawBufferPointer(parts[member]))
      guard found.allSatisfy({ $0 == wanted }) else {
        throw Misplaced(wanted: wanted, found: found)
      }
    }
  }

  deinit { munmap(memory.baseAddress, memory.count) }
}

/// Both threads add up their parts.
@inline(never)
private func addUp(_ data: NodeData) -> Int {
  let sums = AlignedBuffer<Int>(count: 32) { _ in 0 }
  data.pair.run { member in
    sums.elements[16 * member] = data.parts[member].reduce(0, &+)
  }
  return sums.elements[0] &+ sums.elements[16]
}
