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
      sleep, and the kernel wakes them. With a cache each, a take or a return touches memory that \
      no other thread writes: a load, a test and a store or two. A block that another thread \
      returns is recognised by its chunk's header. Such blocks collect in a magazine and are \
      returned to their owner 32 at a time with one atomic compare-and-swap; the owner collects \
      all of them with one atomic exchange.
      """,
    limits: """
      Blocks in one thread's cache are of no use to another: the more threads and the more uneven \
      their work, the more memory is idle. A consumer that only returns blocks holds back up to a \
      magazine of them. General allocators do the same for all sizes; the pool is faster than they \
      are because it is less general.
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
          b1["thread 1"] --> c1["its list"]
          b2["thread 2"] --> c2["its list"]
          b2 -. "32 at a time" .-> i1["inbox of 1"] -.-> c1
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
      // The next slot's address and the chunk's header, both waited for.
      let loads = try 2 * question.latency(of: .l1)
      // No other core polls these lines, and each is read before it is written.
      let line = try question.cacheLineTransfer(among: question.value)
      // All threads wait for each other between two generations.
      let round =
        try question.forkAndJoin(of: question.value) / Double(BlockWorkload.perGeneration)
      // Returned blocks form a list through the blocks themselves, on lines that another core has
      // written, except in one generation of as many as there are threads.
      let foreign = (1 - 1 / threads) * line
      let block =
        loads.named("dependent loads") + round.named("fork and join of the threads")
        + foreign.named("cache-line transfers")
      // The threads work side by side.
      guard question.isBaseline else { return Model(block / threads) }
      // The lock moves from core to core, and the pool's list after it, on lines of their own.
      let lock =
        isAlone
        ? try question.time("mutex")
        : threads / 2 * (try question.time("mutex.contended") + line)
      return Model(((2 * lock).named("locking for take and return") + block) / threads)
    })
}

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
        &crew.sources[member], crew.taken[neighbour].elements)
    }
  }
  return sums.elements.reduce(0, &+)
}
