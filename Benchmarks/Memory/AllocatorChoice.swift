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
      For a program that allocates and frees small blocks all the time, another allocator is \
      faster than glibc's without a change to the program, most of all where one thread frees \
      what another has allocated; for one size freed by its own thread they are close.
      """,
    mechanism: """
      All four variants are the same code in the same executable; the dynamic loader binds \
      `malloc` and `free` to another library, and the worker proves that it did. Every one of the \
      four keeps free blocks per thread and per size class. They differ in the instructions that \
      take one, in how many blocks a thread may keep (glibc: seven a class, unless tuned), and in \
      what happens beyond: glibc merges neighbours in an arena under a lock, mimalloc collects \
      blocks freed by other threads on a list of the page that they came from, jemalloc and \
      tcmalloc hand whole batches back to a shared store.
      """,
    limits: """
      A program that seldom allocates gains nothing. What frees by another thread cost depends on \
      how the two threads fall in with each other, and has no prediction. Speed is bought with \
      memory: compare the resident bytes. An \
      allocation that is avoided is faster than any allocator. What jemalloc says of itself stands \
      in the table below: `allocated` is the program's, `active` the pages with any of it, \
      `retained` address space without memory. Its options are the subject of \
      memory/jemalloc-options. Memory that lives long in mixed sizes is a matter of fragmentation, \
      which this workload hardly shows.
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
      "workload", Workload.allCases.map(\.rawValue), smoke: 0,
      needs: { Workload.allCases[$0] == .handOver ? [.cores(2)] : [] }),
    signals: ["resident"] + ["allocated", "active", "retained"].map { "jemalloc \($0)" },
    work: { _ in Work(elements: Double(steps), each: "block") },
    variants: [
      variant(nil)
    ] + Preloaded.allCases.map { variant($0) },
    predict: predictChurn)
}

/// A step is a pair of malloc and free, as the machine's numbers have it for each allocator: of a
/// block that comes back at once, or of blocks of mixed sizes. The first is taken with a block that
/// is in the nearest cache; here it is one at random. What another thread's frees cost depends on
/// how the two threads fall in with each other, which is in no number.
private func predictChurn(_ question: OldQuestion) throws(MissingNumber) -> Prediction? {
  let pair: String
  let kind: String
  var reach = 0.0
  switch Workload.allCases[question.value] {
  case .churn:
    pair = "malloc.free.64"
    reach = try question.randomLatency(in: Double(live * 64))
    kind = "where the block just freed is given out again"
  case .mixedChurn:
    pair = "malloc.free.mixed"
    kind = "of mixed sizes"
  case .handOver: return nil
  }
  // Mixed blocks are reached at random in the number itself.
  let way = reach > 0 ? ", besides \(reach.brief) ns to reach a block at random" : ""
  let before = try question.number(pair)
  let after = try question.number("\(pair).\(question.candidate)")
  return Prediction(
    speedup: (before + reach) / (after + reach),
    because: """
      A pair of malloc and free, \(kind), costs \(before.brief) ns with glibc and \
      \(after.brief) ns with \(question.candidate)\(way).
      """)
}

private enum Workload: String, CaseIterable {
  case churn = "64-byte churn"
  case mixedChurn = "16–1,040-byte churn"
  case handOver = "freed by another thread"
}

/// Blocks that live at a time, and blocks allocated in one kernel call.
private let live = 1_024
private let steps = 8_192

/// Every variant is the same code; the allocator is what its process is started with.
private func variant(_ allocator: Preloaded?) -> Variant {
  Variant(
    allocator?.name ?? "glibc", shows: ["churn", "handOver", "allocate"],
    environment: Preloaded.environment(allocator), needs: Preloaded.needs(allocator),
    prepare: { try Blocks($0, workload: Workload.allCases[$0.value]) },
    report: { _ in
      ["resident": residentMemory()].merging(ProcessHeap.jemallocStatistics()) { $1 }
    },
    run: { blocks in blocks.workload == .handOver ? handOver(blocks) : churn(blocks) })
}

private typealias Block = UnsafeMutablePointer<Int>

/// The blocks that live, and what is to be done with them.
private final class Blocks: @unchecked Sendable {
  let workload: Workload
  let team: Team
  /// Which slot a step replaces, and how large the new block is.
  let plan: AlignedBuffer<(slot: Int32, bytes: Int32)>
  let slots: AlignedBuffer<Block>
  /// Blocks whose allocating thread is done with them.
  let handedOver: AlignedBuffer<Block>

  init(_ point: Point, workload: Workload) throws {
    self.workload = workload
    team = try point.team(workload == .handOver ? 2 : 1)
    var random = point.generator()
    plan = AlignedBuffer(count: steps) { _ in
      let bytes = workload == .mixedChurn ? Int32.random(in: 1...65, using: &random) * 16 : 64
      return (Int32.random(in: 0..<Int32(live), using: &random), bytes)
    }
    slots = AlignedBuffer(count: live) { allocate(64, tag: $0) }
    handedOver = AlignedBuffer(count: live) { allocate(64, tag: $0) }
  }
}

@inline(__always)
private func allocate(_ bytes: Int, tag: Int) -> Block {
  // SAFETY: at least 16 bytes, which hold an `Int`.
  let block = malloc(bytes)!.assumingMemoryBound(to: Int.self)
  block.pointee = tag
  return block
}

/// Frees the block of a random slot and puts a new one there. Gives the sum of the freed tags.
@inline(never)
private func churn(_ blocks: Blocks) -> Int {
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

/// One thread allocates a generation of blocks while the other frees the one before.
@inline(never)
private func handOver(_ blocks: Blocks) -> Int {
  var (fresh, old) = (blocks.slots.elements, blocks.handedOver.elements)
  var sum = 0
  // An even number of generations, so that the next call finds its halves where it left them.
  for _ in 0..<steps / live {
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
