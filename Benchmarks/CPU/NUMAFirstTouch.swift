import Glibc
import Harness
import Results

extension Experiment {
  /// The thread that first writes to a page decides on which node it lies.
  static let numaFirstTouch = Experiment(
    id: "cpu/numa-first-touch",
    title: "Pages used by threads on two nodes: initialised by one → by their users",
    slot: "performance/cpu/hardware",
    claim: """
      On a machine with more than one memory node, threads that read large data are faster when \
      each has initialised its own part than when one thread has initialised all of it; with one \
      node, or data that fit in the caches, it makes no difference.
      """,
    mechanism: """
      An allocation reserves addresses. A page gets memory at its first write, on the node of the \
      writing thread. If one thread initialises all pages, they all lie on its node: the other \
      threads read across the interconnect, and one memory controller serves everybody. Before \
      anything is timed, `move_pages` confirms where the pages lie. Automatic NUMA balancing is \
      disabled for these pages.
      """,
    limits: """
      With one node there is nothing to gain. Threads that are not pinned move away from their \
      pages. Automatic NUMA balancing may migrate pages after them; given time, it also migrates \
      pages that one thread initialised. Data that all threads read in random order are better \
      interleaved over the nodes.
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
        before -- "{speedup} for {point} per thread" --> after
      """,
    sweep: .bytes(
      "bytes per thread", [1 << 20, 64 << 20, 256 << 20], smoke: 1 << 20,
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
    // Among the machine's numbers there is no bandwidth to another node's memory.
    model: nil)
}

/// The pages do not lie where first touch should have put them.
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
    // Fresh from the kernel: memory that was in use before has its pages already.
    let bytes = 2 * point.value
    let map = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let map, map != MAP_FAILED else { throw Misplaced(wanted: bytes, found: []) }
    memory = UnsafeMutableRawBufferPointer(start: map, count: bytes)
    // Automatic NUMA balancing would move pages to their users, and hides where a page lies that
    // it watches.
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
