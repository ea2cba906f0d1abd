import Glibc
import Harness
import Results

extension Experiment {
  /// The same program under four allocators.
  static let allocatorChoice = Experiment(
    id: "memory/allocator-choice",
    title: "Allocator: glibc → jemalloc, mimalloc, tcmalloc, by preload",
    slot: "performance/memory/pools",
    claim: """
      A program that allocates and frees small blocks all the time is faster with another allocator \
      than glibc's, without a change to the program, most of all where one thread frees what another \
      has allocated; for blocks of one size that their own thread frees, the difference is smallest.
      """,
    mechanism: """
      All four variants are the same executable. The dynamic loader binds `malloc` and `free` to \
      another library, and the worker verifies that it did. Each of the four keeps free blocks per \
      thread and size class; they differ in the instructions that take one, in how many a thread \
      may keep, and in what happens beyond. By default glibc keeps seven blocks per class and then \
      merges neighbours in an arena under a lock. mimalloc puts blocks that other threads free on \
      a list of their page; jemalloc and tcmalloc return whole batches to a shared store.
      """,
    limits: """
      A program that seldom allocates gains nothing, and avoiding an allocation is faster than any \
      allocator. The speed of frees by another thread depends on how the two threads interleave, \
      so it is not predicted. Speed is paid for with memory: compare the resident bytes and what \
      jemalloc reports (`allocated` for the program, `active` for the pages that hold any of it, \
      `retained` address space without memory). memory/jemalloc-options varies its options, \
      memory/fragmentation shows blocks of mixed lifetimes.
      """,
    diagram: """
      flowchart LR
        program["the same executable"] -- "malloc, free" --> loader{"LD_PRELOAD"}
        loader -- "none" --> g["glibc: {glibc}"]
        loader --> j["jemalloc: {jemalloc}"]
        loader --> m["mimalloc: {mimalloc}"]
        loader --> t["tcmalloc: {tcmalloc}"]
      """,
    sweep: .named(
      "workload", AllocatorWorkload.allCases.map(\.rawValue), smoke: 0,
      needs: { AllocatorWorkload.allCases[$0] == .handOver ? [.cores(2)] : [] }),
    signals: ["resident"] + ["allocated", "active", "retained"].map { "jemalloc \($0)" },
    work: { _ in Work(elements: Double(ChurnedBlocks.steps), each: "block") },
    variants: Variant.underEachAllocator(
      "glibc", othersArePeers: false, shows: ["churn", "handOver", "allocate"],
      prepare: { try ChurnedBlocks($0, allocate) },
      report: { _ in
        ["resident": residentMemory()].merging(ProcessHeap.jemallocStatistics()) { $1 }
      },
      run: { blocks in blocks.workload == .handOver ? handOver(blocks) : churn(blocks) }),
    noYardstick: "The candidates are the best-known allocators themselves.",
    model: { question throws(MissingNumber) in
      let allocator = question.isBaseline ? "" : ".\(question.variant)"
      switch AllocatorWorkload.allCases[question.value] {
      case .churn:
        // The machine's number is of a block in the nearest cache; here it is one at random.
        let pair = try question.time("malloc.free.64\(allocator)")
        let counted = instructionsOfPair(Preloaded(rawValue: question.variant))
        let wait = try question.waitForBlock(
          of: Double(ChurnedBlocks.live), instructions: counted)
        return Model(pair.named("malloc and free") + wait)
      case .mixedChurn:
        // The machine's number reaches blocks at random itself.
        let pair = try question.time("malloc.free.mixed\(allocator)")
        return Model(pair.named("malloc and free of a random block"))
      case .handOver: return nil
      }
    })
}

@inline(__always)
private func allocate(_ bytes: Int, tag: Int) -> ChurnedBlocks.Block {
  // SAFETY: at least 16 bytes, which hold an `Int`.
  let block = malloc(bytes)!.assumingMemoryBound(to: Int.self)
  block.pointee = tag
  return block
}

/// Frees the block of a random slot and puts a new one there. Returns the sum of the freed tags.
@inline(never)
private func churn(_ blocks: ChurnedBlocks) -> Int {
  let slots = blocks.slots.elements
  var sum = 0
  for step in blocks.plan.elements {
    let slot = Int(step.slot)
    sum &+= slots[slot].pointee
    free(slots[slot])
    slots[slot] = allocate(Int(step.bytes), tag: slot)
  }
  return sum
}

/// One thread allocates a generation of blocks while the other frees the previous one.
@inline(never)
private func handOver(_ blocks: ChurnedBlocks) -> Int {
  var (fresh, old) = (blocks.slots.elements, blocks.handedOver.elements)
  var sum = 0
  // An even number of generations, so that the two buffers end where they began.
  for _ in 0..<ChurnedBlocks.steps / ChurnedBlocks.live {
    blocks.team.run { member in
      if member == 0 {
        for slot in fresh.indices { fresh[slot] = allocate(64, tag: slot) }
      } else {
        for block in old { free(block) }
      }
    }
    swap(&fresh, &old)
    sum &+= old.reduce(0) { $0 &+ $1.pointee }
  }
  return sum
}
