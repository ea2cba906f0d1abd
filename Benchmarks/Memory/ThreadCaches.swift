import Glibc
import Harness
import Results
import Synchronization
import Techniques

extension Experiment {
  /// Blocks for several threads: one pool behind a lock, and a cache for each thread.
  static let threadCaches = Experiment(
    id: "memory/thread-caches",
    title: "A pool for several threads: one lock → a magazine a thread",
    slot: "performance/memory/pools",
    claim: """
      Threads that take and return blocks all the time are many times faster with a cache of \
      blocks each than with one pool behind a lock, even when one thread returns what another \
      has taken; for a single thread the gain is the lock alone.
      """,
    mechanism: """
      Behind one lock one thread works at a time, each take and each return is an atomic exchange \
      more, which also keeps the core from overlapping cache misses around it; when threads \
      collide they sleep and are woken by the kernel. With a cache each, a take or a return touches memory that no other \
      thread writes: a load, a test and a store or two. A block that comes back on another thread \
      is recognised by its chunk's header; such blocks gather in a magazine and go home 32 at a \
      time with one `lock cmpxchg`, and home collects all of them with one `xchg`.
      """,
    limits: """
      Blocks that one thread has kept are of no use to another: the more threads and the more \
      uneven their work, the more memory lies idle. A consumer that only returns holds up to a \
      magazine of blocks back. General allocators do the same for all sizes; what the pool gains \
      on them is their generality.
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
        before -- "{speedup}: {point}" --> after
      """,
    sweep: .named(
      "threads and returns", Workload.all.map(\.name), smoke: 0,
      needs: { [.cores(Workload.all[$0].threads)] }),
    signals: ["voluntary switches", "system time"],
    work: {
      Work(elements: Double(Workload.all[$0].threads * generations * blocks), each: "block")
    },
    variants: [
      Variant(
        "one locked pool", shows: ["LockedPool", "work"],
        prepare: { point in
          let pool = LockedPool()
          return try Crew(point) { Shared(pool: pool) }
        }, run: serve)
    ] + [mallocVariant("malloc")]
      + Preloaded.allCases.map { mallocVariant($0.name, preloaded: $0) } + [
        Variant(
          "magazines", shows: ["Magazines", "work"],
          prepare: { point in
            let pool = MagazinePool<Block>()
            return try Crew(point) { Magazines(cache: pool.makeCache()) }
          }, run: serve)
      ],
    predict: { question throws(MissingNumber) in
      guard question.candidate == "magazines" else { return nil }
      let workload = Workload.all[question.value]
      let threads = Double(workload.threads)
      let load = try question.latency(of: .l1)
      // Nobody waits for these lines, and reads them before they are written.
      let line = try question.coherenceStep()
      // The lock goes from core to core, and the pool's list after it, on lines of their own.
      let lock =
        workload.threads == 1
        ? try question.number("mutex")
        : threads / 2 * (try question.number("mutex.contended") + line)
      let locks = 2 * lock
      // All wait for each other between two generations.
      let round = workload.threads == 1 ? 0 : try question.number("team.round") / Double(blocks)
      // Blocks that have come back are a list through the blocks themselves, on lines that the
      // other core has written; that is so in every second generation.
      let foreign = workload.isHandedOver ? line / 2 : 0
      let after = 2 * load + round + foreign
      return Prediction(
        speedup: (locks + 2 * load + round + foreign) / after,
        because: """
          A block is two locks and unlocks, with \(threads.brief) threads \(locks.brief) ns. With \
          magazines it is two loads that are waited for, the next slot's address and the chunk's \
          header, \((2 * load).brief) ns; in both cases its share of a round of the team \
          (\(round.brief) ns), and the line of a block that another core has returned in every \
          second generation (\(foreign.brief) ns).
          """)
    })
}

private struct Workload {
  let threads: Int
  let isHandedOver: Bool
  static let all = [
    Workload(threads: 1, isHandedOver: false), Workload(threads: 2, isHandedOver: false),
    Workload(threads: 2, isHandedOver: true), Workload(threads: 4, isHandedOver: false),
    Workload(threads: 4, isHandedOver: true),
  ]
  var name: String {
    "\(threads) thread\(threads > 1 ? "s" : ""), \(isHandedOver ? "handed over" : "own blocks")"
  }
}

/// Blocks that a thread takes before it returns as many.
private let blocks = 256
private let generations = 16

private struct Block {
  var tag: Int
  var payload: (Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0)
}

private typealias Taken = UnsafeMutablePointer<Block>

/// Where one thread gets its blocks. Used by one thread at a time, in place.
private protocol Source: ~Copyable {
  mutating func take() -> Taken
  mutating func giveBack(_ block: Taken)
}

private final class LockedPool: Sendable {
  private let slots = Mutex(SlotPool<Block>())

  // Addresses, since a pointer may not leave the lock.
  func take() -> UInt { slots.withLock { UInt(bitPattern: $0.take()) } }
  func giveBack(_ block: UInt) {
    // SAFETY: the address of a slot that `take` handed out.
    slots.withLock { $0.giveBack(Taken(bitPattern: block).unsafelyUnwrapped) }
  }
}

private struct Shared: Source {
  let pool: LockedPool
  // SAFETY: the address of a slot.
  func take() -> Taken { Taken(bitPattern: pool.take()).unsafelyUnwrapped }
  func giveBack(_ block: Taken) { pool.giveBack(UInt(bitPattern: block)) }
}

private struct Malloc: Source {
  // SAFETY: of a block's size.
  func take() -> Taken {
    malloc(MemoryLayout<Block>.size)!.assumingMemoryBound(to: Block.self)
  }
  func giveBack(_ block: Taken) { free(block) }
}

private struct Magazines: Source, ~Copyable {
  var cache: MagazineCache<Block>
  mutating func take() -> Taken { cache.take() }
  mutating func giveBack(_ block: Taken) { cache.giveBack(block) }
}

private func mallocVariant(_ name: String, preloaded: Preloaded? = nil) -> Variant {
  Variant(
    name, shows: ["Malloc", "work"], environment: Preloaded.environment(preloaded),
    needs: Preloaded.needs(preloaded), prepare: { try Crew($0) { Malloc() } }, run: serve)
}

/// The threads, each with its source and the blocks that it took last.
private final class Crew<S: Source & ~Copyable>: @unchecked Sendable {
  // SAFETY (@unchecked): a member works on its own source, and on the blocks of one other member
  // that has finished its turn.
  let team: Team
  let sources: UnsafeMutablePointer<S>
  let taken: [AlignedBuffer<Taken>]
  let returnsOwn: Bool

  init(_ point: Point, _ source: () -> S) throws {
    let workload = Workload.all[point.value]
    team = try point.team(workload.threads)
    returnsOwn = !workload.isHandedOver
    let sources = UnsafeMutablePointer<S>.allocate(capacity: workload.threads)
    self.sources = sources
    taken = (0..<workload.threads).map { member in
      (sources + member).initialize(to: source())
      return AlignedBuffer(count: blocks) { number in
        let block = sources[member].take()
        block.initialize(to: Block(tag: number))
        return block
      }
    }
  }

  deinit {
    for (member, taken) in taken.enumerated() {
      for block in taken.elements { sources[member].giveBack(block) }
    }
    sources.deinitialize(count: taken.count)
    sources.deallocate()
  }
}

/// One generation of a member: returns what it, or its neighbour, took last, and takes as many.
@inline(__always)
private func work<S: Source & ~Copyable>(
  _ source: inout S, _ last: UnsafeMutableBufferPointer<Taken>
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
private func serve<S: Source & ~Copyable>(_ crew: Crew<S>) -> Int {
  // A cache line each.
  let sums = AlignedBuffer(count: crew.team.count * 16) { _ in 0 }
  for generation in 0..<generations {
    crew.team.run { member in
      let neighbour = crew.returnsOwn ? member : (member + generation) % crew.team.count
      sums.elements[member * 16] &+= work(
        &crew.sources[member], crew.taken[neighbour].elements)
    }
  }
  return sums.elements.reduce(0, &+)
}
