import Glibc
import Harness
import Results
import Techniques

extension Experiment {
  /// Blocks that stay among blocks that go: in one heap, and apart.
  static let fragmentation = Experiment(
    id: "memory/fragmentation",
    title: "Mixed lifetimes in one heap → apart",
    slot: "performance/memory/detection",
    claim: """
      Where few long-lived blocks are strewn among many short-lived ones, they keep nearly every \
      page resident long after the others are freed; kept apart, the resident memory is close to \
      what lives. With most blocks living on there is little to gain.
      """,
    mechanism: """
      Memory goes back to the system by the page, and a page goes back only when no block on it \
      lives. With survivors at random, a page of n blocks is free with probability (1 − p)ⁿ: at \
      one survivor in 16 and 64 blocks a page, one page in sixty. An allocator can't move blocks, \
      since the program has their addresses. In a pool of their own the survivors lie side by \
      side, and the pages of the others go back whole. Each call allocates, frees the short-lived \
      blocks, and asks the allocator to give back what it can (`malloc_trim` or its like); only \
      where the long-lived blocks come from differs.
      """,
    limits: """
      One must know at the making which blocks will live long. Pages that stay are not lost: the \
      same program's next blocks of that size fill the gaps. Allocators with size classes mix \
      lifetimes within a class alone. The blocks here are of one size; mixed sizes fragment more.
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
          q2["pages given back"]
        end
        before -- "{speedup} less, {point} lives on" --> after
      """,
    sweep: .count("survivors", [2, 4, 16, 64], smoke: 4, label: { "1 in \($0)" }),
    metric: .reported("resident bytes per live byte", unit: .count, lowerIsBetter: true),
    signals: ["pinned pages", "predicted pinned pages"],
    tolerates: [.preempted, .stolen],
    work: { _ in Work(elements: Double(count)) },
    variants: [mixedVariant("mixed")]
      + Preloaded.allCases.map { mixedVariant("mixed by \($0.name)", preloaded: $0) } + [
        Variant(
          "apart", shows: ["fillApart"], prepare: { Heap($0) }, report: { $0.report() },
          run: fillApart)
      ],
    predict: { question in
      guard question.candidate == "apart" else { return nil }
      let mixed = Double(question.value) * pinned(oneIn: question.value) * 64 / Double(blockBytes)
      let apart = Double(SlotPool<Block>.bytesPerSlot) / Double(blockBytes)
      return Prediction(
        speedup: mixed / apart,
        because: """
          \((100 * pinned(oneIn: question.value)).brief)% of the pages hold a survivor: 1 − (1 − \
          1/\(question.value)) to the power of 64, the blocks of 56 bytes and their headers of 8 \
          on a page. Resident for each live byte: \(mixed.brief) against \(apart.brief) bytes.
          """)
    })
}

/// What is asked for: with glibc's header of 8 bytes, 64.
private let blockBytes = 56
private let count = 128 << 10

private typealias Block = (Int, Int, Int, Int, Int, Int, Int)

/// Share of the pages with a survivor on them.
private func pinned(oneIn survivors: Int) -> Double {
  1 - pow(1 - 1 / Double(survivors), Double(4_096 / 64))
}

private final class Heap: @unchecked Sendable {
  /// Whether each block lives on.
  let lives: AlignedBuffer<Bool>
  let survivors: Int
  let blocks: AlignedBuffer<UnsafeMutableRawPointer?>
  let oneIn: Int
  /// Resident bytes that the last call's blocks were left with; nil where nobody tells.
  var resident: Int?
  private var before: Int?

  init(_ point: Point) {
    var random = point.generator()
    oneIn = point.value
    // The same number in every process, at random places.
    let numbers = (0..<count).shuffled(using: &random)
    let chosen = count / point.value
    let lives = AlignedBuffer(count: count) { _ in false }
    for number in numbers.prefix(chosen) { lives.elements[number] = true }
    self.lives = lives
    survivors = chosen
    blocks = AlignedBuffer(count: count) { _ in nil }
  }

  func begin() {
    ProcessHeap.giveBackPages()
    before = ProcessHeap.residentAnonymousBytes()
  }

  func note() {
    ProcessHeap.giveBackPages()
    guard let before, let now = ProcessHeap.residentAnonymousBytes() else { return }
    resident = now - before
  }

  func report() -> [String: Counter] {
    let live = Double(survivors * blockBytes)
    guard let resident else {
      let none = Counter(unavailable: "/proc/self/smaps_rollup cannot be read")
      return ["resident bytes per live byte": none, "pinned pages": none]
    }
    return [
      "resident bytes per live byte": Counter(Double(resident) / live, unit: .count),
      "pinned pages": Counter(100 * Double(resident) / Double(count * 64), unit: .share),
      "predicted pinned pages": Counter(100 * pinned(oneIn: oneIn), unit: .share),
    ]
  }
}

/// mimalloc keeps freed pages for a while unless told not to; up to 2.0, and from 2.1 on.
private let promptly = [
  "MIMALLOC_PAGE_RESET": "1", "MIMALLOC_RESET_DELAY": "0", "MIMALLOC_DECOMMIT_DELAY": "0",
  "MIMALLOC_SEGMENT_DECOMMIT_DELAY": "0", "MIMALLOC_PURGE_DELAY": "0",
]

private func mixedVariant(_ name: String, preloaded: Preloaded? = nil) -> Variant {
  Variant(
    name, shows: ["fillMixed"],
    environment: Preloaded.environment(preloaded, variables: promptly),
    needs: Preloaded.needs(preloaded), prepare: { Heap($0) }, report: { $0.report() },
    run: fillMixed)
}

/// Allocates all, frees the short-lived blocks, looks at what is resident, and ends the rest.
@inline(never)
private func fillMixed(_ heap: Heap) -> Int {
  heap.begin()
  let (blocks, lives) = (heap.blocks.elements, heap.lives.elements)
  for number in 0..<count {
    blocks[number] = malloc(blockBytes)
    blocks[number]!.storeBytes(of: number, as: Int.self)
  }
  for number in 0..<count where !lives[number] { free(blocks[number]) }
  heap.note()
  var sum = 0
  for number in 0..<count where lives[number] {
    sum &+= blocks[number]!.load(as: Int.self)
    free(blocks[number])
  }
  return sum
}

/// The same, with a pool for the blocks that live on.
@inline(never)
private func fillApart(_ heap: Heap) -> Int {
  heap.begin()
  let (blocks, lives) = (heap.blocks.elements, heap.lives.elements)
  var pool = SlotPool<Block>()
  for number in 0..<count {
    blocks[number] = lives[number] ? UnsafeMutableRawPointer(pool.take()) : malloc(blockBytes)
    blocks[number]!.storeBytes(of: number, as: Int.self)
  }
  for number in 0..<count where !lives[number] { free(blocks[number]) }
  heap.note()
  var sum = 0
  for number in 0..<count where lives[number] {
    sum &+= blocks[number]!.load(as: Int.self)
    pool.giveBack(blocks[number]!.assumingMemoryBound(to: Block.self))
  }
  return sum
}
