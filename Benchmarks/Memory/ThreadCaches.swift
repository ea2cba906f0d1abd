import Glibc
import Harness
import Results
import Synchronization
import Techniques

extension Experiment {
  /// Blocks for several threads: one pool behind a lock, and a cache for each thread.
  static let threadCaches = Experiment(
    id: "memory/thread-caches",
    title: "A pool for several threads: one lock → a cache of blocks per thread",
    slot: "performance/memory/pools",
    claim: """
      Threads that take and return blocks all the time are many times faster with a cache of blocks \
      each than with one pool behind a lock, even when one thread returns what another has taken; \
      for a single thread the gain is only the lock's own cost.
      """,
    mechanism: """
      Behind one lock one thread works at a time. Each take and each return is one more atomic \
      exchange, which also keeps the core from overlapping cache misses; threads that collide \
      sleep, and the kernel wakes them. With a cache each, a take or a return moves a block's \
      address out of or into a magazine, an array that no other thread uses: a test, a load or a \
      store, and a count. A block that another thread took is handed out again by the thread that \
      returns it, whose core has just read it. Where two magazines of 256 addresses are full, or \
      empty, one is exchanged in a depot behind a lock.
      """,
    limits: """
      Blocks in one thread's cache, up to 512, are of no use to another: the more threads, the more \
      memory is idle. A thread that only takes, or only returns, goes to the depot for every 256th \
      block. General allocators do the same for all sizes; the pool is faster than they are \
      because it is less general.
      """,
    diagram: """
      flowchart LR
        subgraph before["one locked pool: {one locked pool}"]
          direction LR
          a1["thread 1"] --> lock{{"lock"}}
          a2["thread 2"] --> lock
          lock --> pool["free list"]
        end
        malloc["malloc: {malloc}"]
        others["jemalloc: {jemalloc}, mimalloc: {mimalloc}, tcmalloc: {tcmalloc}"]
        subgraph after["magazines: {magazines}"]
          direction LR
          b1["thread 1"] --> c1["its magazines"]
          b2["thread 2"] --> c2["its magazines"]
          c1 -. "256 at a time" .-> depot
          c2 -. "256 at a time" .-> depot
        end
        before -- "{speedup} with {point} threads" --> after
      """,
    sweep: .threads(),
    signals: ["voluntary switches", "system time"],
    work: { Work(elements: Double($0 * BlockWorkload.blocks), each: "block") },
    variants: [
      Variant(
        "one locked pool", shows: ["LockedPool", "work"],
        prepare: { point in
          let pool = LockedPool()
          return try BlockCrew(point) { Shared(pool: pool) }
        }, run: serve)
    ]
      + Variant.underEachAllocator(
        "malloc", yardstick: .peer, shows: ["Malloc", "work"],
        prepare: { try BlockCrew($0) { Malloc() } }, run: serve) + [
        Variant(
          "magazines", shows: ["Magazines", "work"],
          prepare: { point in
            let pool = MagazinePool<ThreadBlock>()
            return try BlockCrew(point) { Magazines(cache: pool.makeCache()) }
          }, run: serve)
      ],
    headline: DeclaredHeadline(value: 2, variant: "magazines"),
    model: { question throws(MissingNumber) in
      guard ["one locked pool", "magazines"].contains(question.variant) else { return nil }
      let threads = Double(question.value)
      let isAlone = question.value == 1
      // All threads wait for each other between two generations.
      let round =
        try question.forkAndJoin(of: question.value) / Double(BlockWorkload.perGeneration)
      let meeting = round.named("fork and join of the threads")
      // In each generation the blocks are those that another thread took in the one before.
      let line = isAlone ? .zero : try question.cacheLineTransfer(among: question.value)
      guard question.isBaseline else {
        let work = try question.instructions(instructionsOfBlock)
        // Fetched to be read, and again to be written. On machines measured before that was a number,
        // the core meanwhile begins with as many of the next blocks as fit in its window.
        let inWindow = (2 * instructionsOfBlock / question.window) * line
        let listed = try? question.contended("line.handed.over", by: question.value)
        let fetches = (isAlone ? .zero : listed ?? inWindow).named("cache-line transfers")
        return Model((work.named("instructions") + meeting + fetches) / threads)
      }
      // Returned blocks form a list through the blocks themselves: the next slot's address is waited
      // for, and the lock's word.
      let loads = try 2 * question.latency(of: .l1)
      // The lock moves from core to core, and the pool's list after it, on lines of their own.
      let lock =
        isAlone
        ? try question.time("mutex")
        : threads / 2 * (try question.time("mutex.contended") + line)
      let locking =
        (2 * lock).named("locking for take and return") + loads.named("dependent loads")
      // A thread reads a block before it has the lock, while another one has it.
      let model = longest(locking, line.named("cache-line transfers")) + meeting
      return Model(model / threads)
    })
}

/// Of a block's return (11) and take (12) from magazines, counted in the machine code.
private let instructionsOfBlock = 23.0

private final class LockedPool: Sendable {
  private let slots = Mutex(SlotPool<ThreadBlock>())

  // Addresses, since a pointer may not leave the lock.
  func take() -> UInt { slots.withLock { UInt(bitPattern: $0.take()) } }
  func giveBack(_ block: UInt) {
    // SAFETY: the address of a slot that `take` handed out.
    slots.withLock { $0.giveBack(ThreadBlock.Pointer(bitPattern: block).unsafelyUnwrapped) }
  }
}

private struct Shared: BlockSource {
  let pool: LockedPool
  // SAFETY: the address of a slot.
  func take() -> ThreadBlock.Pointer {
    ThreadBlock.Pointer(bitPattern: pool.take()).unsafelyUnwrapped
  }
  func giveBack(_ block: ThreadBlock.Pointer) { pool.giveBack(UInt(bitPattern: block)) }
}

private struct Malloc: BlockSource {
  // SAFETY: of a block's size.
  func take() -> ThreadBlock.Pointer {
    malloc(MemoryLayout<ThreadBlock>.size)!.assumingMemoryBound(to: ThreadBlock.self)
  }
  func giveBack(_ block: ThreadBlock.Pointer) { free(block) }
}

private struct Magazines: BlockSource, ~Copyable {
  var cache: MagazineCache<ThreadBlock>
  mutating func take() -> ThreadBlock.Pointer { cache.take() }
  mutating func giveBack(_ block: ThreadBlock.Pointer) { cache.giveBack(block) }
}

/// One generation of a member: returns what it or its neighbour took last, and takes as many.
@inline(__always)
private func work<S: BlockSource & ~Copyable>(
  _ source: inout S, _ last: UnsafeMutableBufferPointer<ThreadBlock.Pointer>
) -> Int {
  var sum = 0
  for block in last {
    sum &+= block.pointee.tag
    source.giveBack(block)
  }
  for number in last.indices {
    let block = source.take()
    block.pointee.tag = number
    last[number] = block
  }
  return sum
}

@inline(never)
private func serve<S: BlockSource & ~Copyable>(_ crew: BlockCrew<S>) -> Int {
  // A cache line each.
  let sums = AlignedBuffer(count: crew.team.count * 16) { _ in 0 }
  for generation in 0..<BlockWorkload.generations {
    crew.team.run { member in
      let neighbour = (member + generation) % crew.team.count
      sums.elements[member * 16] &+= work(
        &crew.sources[member].pointee, crew.taken[neighbour].elements)
    }
  }
  return sums.elements.reduce(0, &+)
}
