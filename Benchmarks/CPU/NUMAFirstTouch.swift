import Glibc
import Harness
import Results

extension Experiment {
  /// The thread that first writes to a page decides on which node it lies.
  static let numaFirstTouch = Experiment(
    id: "cpu/numa-first-touch",
    title: "Pages used by threads on several nodes: initialised by one → by their users",
    slot: "performance/cpu/hardware",
    claim: """
      On a machine with more than one memory node, threads that read large data are faster when \
      each has initialised its own part than when one thread has initialised all of it, the more so \
      the more threads there are; with one node it makes no difference.
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
        before -- "{speedup} with {point} threads" --> after
      """,
    sweep: .threads(needs: { [.memory(4 * $0 * NodeData.bytes)] }),
    needs: [.numaNodes(2), .cores(2)],
    work: { Work(elements: Double($0 * NodeData.bytes / 8), bytes: Double($0 * NodeData.bytes)) },
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

/// A part for each of some threads, by turns on all nodes.
private final class NodeData: @unchecked Sendable {
  // SAFETY (@unchecked): each member of the team writes to its own part only.

  /// Of a part: more than a core's share of any cache.
  static let bytes = 64 << 20
  let team: PlacedTeam
  let parts: [UnsafeMutableBufferPointer<Int>]
  private let memory: UnsafeMutableRawBufferPointer

  init(_ point: Point, byUsers: Bool) throws {
    let cpus = Array(try Placement.spreadOverNodes(point.cpus).prefix(point.value))
    let nodes = try cpus.map { try Placement.node(of: $0) }
    guard cpus.count == 1 || Set(nodes).count > 1 else {
      throw TeamError.tooFewProcessors(needed: 2, available: 1)
    }
    team = try PlacedTeam(cpus)
    // Fresh from the kernel: memory that was in use before has its pages already.
    let bytes = cpus.count * Self.bytes
    let map = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let map, map != MAP_FAILED else { throw Misplaced(wanted: bytes, found: []) }
    memory = UnsafeMutableRawBufferPointer(start: map, count: bytes)
    // Automatic NUMA balancing would move pages to their users, and hides where a page lies that
    // it watches.
    try Placement.keepWhereTouched(memory)
    let words = memory.bindMemory(to: Int.self)
    let part = Self.bytes / 8
    let parts = cpus.indices.map {
      UnsafeMutableBufferPointer(rebasing: words[$0 * part..<($0 + 1) * part])
    }
    self.parts = parts
    team.run { member in
      for (index, part) in parts.enumerated() where byUsers ? index == member : member == 0 {
        for element in part.indices { part[element] = element }
      }
    }
    for member in cpus.indices {
      let wanted = nodes[byUsers ? member : 0]
      let found = try Placement.nodes(of: UnsafeMutableRawBufferPointer(parts[member]))
      guard found.allSatisfy({ $0 == wanted }) else {
        throw Misplaced(wanted: wanted, found: found)
      }
    }
  }

  deinit { munmap(memory.baseAddress, memory.count) }
}

/// Each thread adds up its part.
@inline(never)
private func addUp(_ data: NodeData) -> Int {
  let sums = AlignedBuffer<Int>(count: 16 * data.parts.count) { _ in 0 }
  data.team.run { member in
    sums.elements[16 * member] = data.parts[member].reduce(0, &+)
  }
  return sums.elements.reduce(0, &+)
}
