import Glibc
import Harness
import Results
import Techniques

extension Experiment {
  /// Blocks that live long among blocks that don't: in one heap, and apart.
  static let fragmentation = Experiment(
    id: "memory/fragmentation",
    title: "Mixed lifetimes: all blocks in one heap → long-lived ones in a pool",
    slot: "performance/memory/detection",
    claim: """
      Few long-lived blocks scattered among many short-lived ones keep nearly every page resident \
      after the others are freed; in a pool of their own, resident memory is close to the live bytes, \
      and the gain shrinks as more of the blocks live on.
      """,
    mechanism: """
      Memory goes back to the system in pages, and only when no block on a page lives. An allocator \
      can't move blocks, since the program holds their addresses. If a share p of the blocks lives \
      on, at random places, a page of n blocks is free with probability (1 − p)ⁿ, which is small \
      already for few survivors. In a pool of their own the survivors are adjacent, and the pages of \
      the others go back as a whole. Each variant asks the allocator to return what it can \
      (`malloc_trim` or its equivalent); only the source of the long-lived blocks differs.
      """,
    limits: """
      The program has to know at allocation which blocks will live long. Pages that stay are not \
      lost: the same program's next blocks of that size fill the gaps. Allocators with size \
      classes mix lifetimes only within a class. The blocks here are of one size; mixed sizes \
      fragment more.
      """,
    diagram: """
      flowchart LR
        subgraph before["mixed: {mixed}"]
          direction TB
          p1["page: free | <b>lives</b> | free | free"]
          p2["page: free | free | <b>lives</b> | free"]
        end
        others["by jemalloc: {mixed by jemalloc}, mimalloc: {mixed by mimalloc}"]
        third["by tcmalloc: {mixed by tcmalloc}"]
        subgraph after["apart: {apart}"]
          direction TB
          q1["page: <b>lives</b> | <b>lives</b> | <b>lives</b>"]
          q2["pages returned"]
        end
        before -- "{speedup} less, {point} lives on" --> after
      """,
    sweep: .count("survivors", [2, 4, 16, 64], smoke: 4, label: { "1 in \($0)" }),
    metric: .reported("resident bytes per live byte", unit: .count, lowerIsBetter: true),
    signals: ["pinned pages", "predicted pinned pages"],
    tolerates: [.preempted, .stolen],
    work: { _ in Work(elements: Double(MixedLifetimes.count)) },
    variants: Variant.underEachAllocator(
      "mixed", variables: promptReturn, otherName: { "mixed by \($0.name)" },
      shows: ["fillMixed"], prepare: { MixedLifetimes($0) }, report: { $0.report() },
      run: fillMixed) + [
        Variant(
          "apart", shows: ["fillApart"], prepare: { MixedLifetimes($0) },
          report: { $0.report() }, run: fillApart)
      ],
    model: { question in
      let block = Double(MixedLifetimes.blockBytes)
      switch question.variant {
      case "mixed":
        let share = MixedLifetimes.pinnedShare(oneIn: question.value, question.pageBytes)
        let heap = Double(question.value) * 64 / block
        let pages = Ratio.exactly(share).named("pages with a survivor", because: "1 − (1 − p)ⁿ")
        return Model(heap * pages, per: .metric)
      case "apart":
        return Model(
          MixedLifetimes.pool(oneIn: question.value, question.pageBytes), per: .metric)
      default: return nil
      }
    })
}

/// By default mimalloc keeps freed pages for a while. Its variables up to 2.0, and from 2.1 on.
private let promptReturn = [
  "MIMALLOC_PAGE_RESET": "1", "MIMALLOC_RESET_DELAY": "0", "MIMALLOC_DECOMMIT_DELAY": "0",
  "MIMALLOC_SEGMENT_DECOMMIT_DELAY": "0", "MIMALLOC_PURGE_DELAY": "0",
]

/// Allocates all blocks, frees the short-lived ones, reads what is resident, and frees the rest.
@inline(never)
private func fillMixed(_ heap: MixedLifetimes) -> Int {
  heap.readBefore()
  let (blocks, lives) = (heap.blocks.elements, heap.lives.elements)
  for number in 0..<MixedLifetimes.count {
    blocks[number] = malloc(MixedLifetimes.blockBytes)
    blocks[number]!.storeBytes(of: number, as: Int.self)
  }
  for number in 0..<MixedLifetimes.count where !lives[number] { free(blocks[number]) }
  heap.readAfter()
  var sum = 0
  for number in 0..<MixedLifetimes.count where lives[number] {
    sum &+= blocks[number]!.load(as: Int.self)
    free(blocks[number])
  }
  return sum
}

/// The same, with a pool for the long-lived blocks.
@inline(never)
private func fillApart(_ heap: MixedLifetimes) -> Int {
  heap.readBefore()
  let (blocks, lives) = (heap.blocks.elements, heap.lives.elements)
  var pool = SlotPool<MixedLifetimes.Block>()
  for number in 0..<MixedLifetimes.count {
    blocks[number] =
      lives[number] ? UnsafeMutableRawPointer(pool.take()) : malloc(MixedLifetimes.blockBytes)
    blocks[number]!.storeBytes(of: number, as: Int.self)
  }
  for number in 0..<MixedLifetimes.count where !lives[number] { free(blocks[number]) }
  heap.readAfter()
  var sum = 0
  for number in 0..<MixedLifetimes.count where lives[number] {
    sum &+= blocks[number]!.load(as: Int.self)
    pool.giveBack(blocks[number]!.assumingMemoryBound(to: MixedLifetimes.Block.self))
  }
  return sum
}
