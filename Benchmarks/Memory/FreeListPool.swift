import Glibc
import Harness
import Results
import Techniques

extension Experiment {
  /// Blocks of one size that come and go: from an allocator, and from a pool of slots.
  static let freeListPool = Experiment(
    id: "memory/free-list-pool",
    title: "Blocks of one size: allocator → pool of slots",
    slot: "performance/memory/pools",
    claim: """
      Where one thread allocates and frees blocks of one type all the time, a pool of slots is \
      several times faster than a general allocator; where blocks seldom come and go it gains \
      nothing, and several threads need a pool each.
      """,
    mechanism: """
      A general allocator has to find the size class and the thread's cache, and in `free` derive \
      from the address what the block was. The pool is inlined: `take` is a test and a load of the \
      next slot; `giveBack` is a store. A local variable owns the pool, so that the list's head \
      stays in a register; a head in memory might overlap a slot, and would be stored each time.
      """,
    limits: """
      The pool serves one size and one thread, and keeps its memory. An arena is better where all \
      blocks die together (memory/arena). memory/thread-caches covers several threads. Where the \
      blocks' pages exceed the translation caches, there is no prediction: how many walks of page \
      tables a core overlaps during `malloc` is not measured.
      """,
    diagram: """
      flowchart LR
        subgraph before["malloc: {malloc}"]
          m1["size → class"] --> m2["this thread's cache"] --> m3["block"]
          m3 -. "free: address → class" .-> m2
        end
        others["jemalloc: {jemalloc}, mimalloc: {mimalloc}, tcmalloc: {tcmalloc}"]
        classes["class instance: {class instance}"]
        subgraph after["pool of slots: {pool of slots}"]
          head["head"] --> s1["free slot"] --> s2["free slot"] --> s3["…"]
        end
        before -- "{speedup} with {point} live blocks" --> after
      """,
    sweep: .count("live blocks", [256, 1_024, 16_384, 262_144], smoke: 64),
    signals: ["instructions"],
    work: { _ in Work(elements: Double(ReplacementOrder.steps), each: "block") },
    variants: Variant.underEachAllocator(
      "malloc", shows: ["churnMalloc"], prepare: { MallocBlocks($0) }, run: churnMalloc) + [
        Variant(
          "class instance", isReference: true, shows: ["churnInstances"],
          prepare: { InstanceBlocks($0) }, run: churnInstances),
        Variant(
          "pool of slots", shows: ["churnPool"], prepare: { PoolBlocks($0) }, run: churnPool),
      ] + poolYardsticks,
    model: timeOfReplacement)
}

@inline(never)
private func churnMalloc(_ input: MallocBlocks) -> Int {
  let live = input.live.elements
  var sum = 0
  for step in input.order.elements {
    let slot = Int(step)
    let fresh = malloc(64)!.assumingMemoryBound(to: Int.self)
    fresh.pointee = slot
    sum &+= live[slot].pointee
    free(live[slot])
    live[slot] = fresh
  }
  return sum
}

@inline(never)
private func churnInstances(_ input: InstanceBlocks) -> Int {
  var live: [ObjectBlock] = []
  swap(&live, &input.live)
  var sum = 0
  for step in input.order.elements {
    let slot = Int(step)
    let fresh = ObjectBlock(tag: slot)
    sum &+= live[slot].tag
    live[slot] = fresh
  }
  swap(&live, &input.live)
  return sum
}

@inline(never)
private func churnPool(_ input: PoolBlocks) -> Int {
  var pool = SlotPool<PooledBlock>()
  swap(&pool, &input.pool)
  let live = input.live.elements
  var sum = 0
  for step in input.order.elements {
    let slot = Int(step)
    let fresh = pool.take()
    fresh.pointee.tag = slot
    sum &+= live[slot].pointee.tag
    pool.giveBack(live[slot])
    live[slot] = fresh
  }
  swap(&pool, &input.pool)
  return sum
}
