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
      Where blocks of one type come and go all the time on one thread, taking them from a pool of \
      slots is several times faster than any general allocator; the gain shrinks as the live \
      blocks outgrow the caches, since the block's own cache miss is paid either way.
      """,
    mechanism: """
      A general allocator must find the size class, find the thread's store of it, and on `free` \
      find out from the address what the block was. The pool knows all of that when it is \
      compiled: `take` is a load of the head, a test and a load of the next; `giveBack` is two \
      stores; both are inlined. The head stays in memory, since for all that the compiler knows a \
      slot may lie there, so that each step waits for what the one before has stored. The newest free \
      slot is used first, so its line is still in the first-level cache. A class instance costs a \
      call into the runtime around the allocator: a header to write, a count to take down to zero.
      """,
    limits: """
      One size, one thread, and memory that stays with the pool. A returned slot that is used \
      again is not found by the allocator's own checks; builds for debugging check it here. \
      Programs that allocate seldom gain nothing, and an arena is better where all blocks die \
      together. Between threads see `memory/thread-caches`.
      """,
    diagram: """
      flowchart LR
        subgraph before["malloc: {malloc}"]
          direction LR
          m1["size → class"] --> m2["this thread's store"] --> m3["block"]
          m3 -. "free: address → class" .-> m2
        end
        others["jemalloc: {jemalloc}, mimalloc: {mimalloc}, tcmalloc: {tcmalloc}"]
        classes["class instance: {class instance}"]
        subgraph after["pool of slots: {pool of slots}"]
          direction LR
          head["head"] --> s1["free slot"] --> s2["free slot"] --> s3["…"]
        end
        before -- "{speedup} with {point} live blocks" --> after
      """,
    sweep: .count("live blocks", [256, 1_024, 16_384, 262_144], smoke: 64),
    signals: ["instructions"],
    work: { _ in Work(elements: Double(steps), each: "block") },
    variants: [mallocVariant("malloc")]
      + Preloaded.allCases.map { mallocVariant($0.name, preloaded: $0) } + [
        Variant(
          "class instance", shows: ["Instance", "churnInstances"],
          prepare: { InstanceInput($0) }, run: churnInstances),
        Variant(
          "pool of slots", shows: ["Block", "churnPool"],
          prepare: { PoolInput($0) }, run: churnPool),
      ],
    predict: { question throws(MissingNumber) in
      guard question.candidate == "pool of slots" else { return nil }
      let allocator = try question.number("malloc.free.64")
      // A link is passed on from slot to slot, and between them through the pool's head: two loads
      // of what has just been stored, in the machine code.
      let forward = 2 * (try question.number("store.forward"))
      // A call replaces the same blocks each time: their lines, and those of their addresses.
      let live = Double(question.value)
      func visited(_ lines: Double) -> Double { lines * (1 - exp(-Double(steps) / lines)) }
      let set = 64 * (visited(live) + visited(live / 8))
      let lines = 2 * (try question.randomLine(in: set))
      return Prediction(
        speedup: max(allocator, lines) / max(forward, lines),
        because: """
          malloc and free of 64 bytes take \(allocator.brief) ns. The pool's step waits for two \
          loads of what has just been stored, a slot's link and the head \
          (\(forward.brief) ns). Beside that either fetches a block and its address from random \
          lines among the \((set / 1024).brief) KiB that a call visits: \(lines.brief) ns.
          """)
    })
}

/// Blocks that are replaced in one kernel call.
private let steps = 8_192

/// 64 bytes, as `malloc(64)`.
private struct Block {
  var tag: Int
  var payload: (Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0)
}

private final class Instance {
  let tag: Int
  // With the object's header of 16 bytes 64 in all.
  let payload: (Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0)
  init(tag: Int) { self.tag = tag }
}

/// Which of the live blocks each step replaces.
private func plan(_ point: Point) -> AlignedBuffer<Int32> {
  var random = point.generator()
  let live = Int32(point.value)
  return AlignedBuffer(count: steps) { _ in .random(in: 0..<live, using: &random) }
}

private final class MallocInput: @unchecked Sendable {
  let order: AlignedBuffer<Int32>
  let live: AlignedBuffer<UnsafeMutablePointer<Int>>

  init(_ point: Point) {
    order = plan(point)
    live = AlignedBuffer(count: point.value) { slot in
      // SAFETY: 64 bytes hold an `Int`.
      let block = malloc(64)!.assumingMemoryBound(to: Int.self)
      block.pointee = slot
      return block
    }
  }
}

private func mallocVariant(_ name: String, preloaded: Preloaded? = nil) -> Variant {
  Variant(
    name, shows: ["churnMalloc"], environment: Preloaded.environment(preloaded),
    needs: Preloaded.needs(preloaded), prepare: { MallocInput($0) }, run: churnMalloc)
}

@inline(never)
private func churnMalloc(_ input: MallocInput) -> Int {
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

private final class InstanceInput: @unchecked Sendable {
  let order: AlignedBuffer<Int32>
  var live: [Instance]

  init(_ point: Point) {
    order = plan(point)
    live = (0..<point.value).map(Instance.init)
  }
}

@inline(never)
private func churnInstances(_ input: InstanceInput) -> Int {
  var live: [Instance] = []
  swap(&live, &input.live)
  var sum = 0
  for step in input.order.elements {
    let slot = Int(step)
    let fresh = Instance(tag: slot)
    sum &+= live[slot].tag
    live[slot] = fresh
  }
  swap(&live, &input.live)
  return sum
}

private final class PoolInput: @unchecked Sendable {
  let order: AlignedBuffer<Int32>
  let live: AlignedBuffer<UnsafeMutablePointer<Block>>
  var pool = SlotPool<Block>()

  init(_ point: Point) {
    order = plan(point)
    var pool = SlotPool<Block>()
    live = AlignedBuffer(count: point.value) { slot in
      let block = pool.take()
      block.initialize(to: Block(tag: slot))
      return block
    }
    self.pool = pool
  }

  deinit { for block in live.elements { pool.giveBack(block) } }
}

@inline(never)
private func churnPool(_ input: PoolInput) -> Int { replace(input, &input.pool) }

@inline(__always)
private func replace(_ input: PoolInput, _ pool: inout SlotPool<Block>) -> Int {
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
  return sum
}
