import Glibc
import Harness
import Results

extension Experiment {
  /// The same program under jemalloc, told different things.
  static let jemallocOptions = Experiment(
    id: "memory/jemalloc-options",
    title: "jemalloc's options: defaults → one arena, prompt or no decay, background thread",
    slot: "performance/memory/pools",
    claim: """
      jemalloc's options matter where blocks are too large for its caches per thread (32 KiB): \
      giving freed pages back at once (`dirty_decay_ms:0`) makes large blocks that come and go \
      many times slower, since each page is faulted in again; keeping them for ever saves memory's \
      return and nothing else. Small blocks share their pages and notice little of it.
      """,
    mechanism: """
      A freed large block leaves dirty pages. By default they stay for some ten seconds and the next \
      block of that size takes them; with a decay of 0 each is given back by `madvise` when it is \
      freed, and every page of the next block is a page fault. One arena (`narenas:1`) makes all \
      threads share its lock; a background thread takes the giving back over from the program's \
      threads. All variants are the same code; `MALLOC_CONF` of the process is what differs.
      """,
    limits: """
      What slow decay costs is memory that stays resident after a peak: look at `jemalloc resident` \
      in the table. A machine short of memory may want prompt decay all the same. One arena is a \
      choice for small machines; with many cores its lock is what threads wait for. The workloads \
      here run too short for a decay of ten seconds, or its background thread, to come into play. \
      The first lines of all pages fall into one set or few of the first-level cache: touching a kept \
      page elsewhere costs less.
      """,
    diagram: """
      flowchart TB
        p["the same executable, the same jemalloc"] --> c{"MALLOC_CONF"}
        c -- "(none)" --> d["defaults: {defaults}"]
        c -- "narenas:1" --> a["one arena: {one arena}"]
        c -- "dirty_decay_ms:0" --> n["no keeping: {no keeping}"]
        c -- "dirty_decay_ms:-1" --> k["keep for ever: {keep for ever}"]
        c -- "background_thread:true" --> b["background thread: {background thread}"]
      """,
    sweep: .named(
      "workload", Kind.allCases.map(\.rawValue), smoke: 0,
      needs: { Kind.allCases[$0] == .shared ? [.cores(2)] : [] }),
    signals: ["minor faults"]
      + ["allocated", "active", "resident", "retained"].map { "jemalloc \($0)" },
    work: { Work(elements: Double(Kind.allCases[$0].steps), each: "block") },
    variants: [
      variant("defaults", ""),
      variant("one arena", "narenas:1"),
      variant("no keeping", "dirty_decay_ms:0,muzzy_decay_ms:0"),
      variant("keep for ever", "dirty_decay_ms:-1"),
      variant("background thread", "background_thread:true"),
    ],
    predict: predictKeeping)
}

/// What is foreseen is the price of not keeping pages; the other options change nothing that a
/// number of the machine speaks of.
private func predictKeeping(_ question: OldQuestion) throws(MissingNumber) -> Prediction? {
  let work = Kind.allCases[question.value]
  guard question.candidate == "no keeping", work == .large else { return nil }
  let turnover = try question.number("page.turnover")
  let pair = try question.number("malloc.free.65536.jemalloc")
  let pages = Double(work.bytes / 4_096)
  // The first lines of all pages fall into few sets of the first-level cache, more than those hold.
  let sets = question.sets(of: .l1, atStride: 4_096)?.count ?? 1
  let touch = try question.curve(.crowdedStore, at: Double(sets))
  let kept = pair + pages * touch
  let fresh = kept + pages * turnover
  return Prediction(
    speedup: kept / fresh,
    because: """
      A block of \(work.bytes >> 10) KiB costs a malloc and a free past the caches per thread \
      (\(pair.brief) ns) and a store to each of its \(pages.brief) pages, whose first lines share \
      few sets of a cache (\(touch.brief) ns each). Given back, it costs for each page what taking \
      it back from a process and giving it again does (\(turnover.brief) ns each).
      """)
}

private enum Kind: String, CaseIterable {
  case small = "16–1,040 bytes"
  case large = "256 KiB, each page touched"
  case shared = "64 KiB, two threads"

  /// Blocks that one thread allocates and frees in a kernel call.
  var steps: Int { self == .small ? 8_192 : self == .large ? 16 : 512 }
  /// Of a block; the largest of the small ones.
  var bytes: Int { self == .small ? 1_040 : self == .large ? 256 << 10 : 64 << 10 }
}

private func variant(_ name: String, _ options: String) -> Variant {
  Variant(
    name, shows: ["comeAndGo", "Ring"],
    environment: Preloaded.environment(
      .jemalloc, variables: options.isEmpty ? [:] : ["MALLOC_CONF": options]),
    needs: Preloaded.needs(.jemalloc),
    prepare: { try Load($0) }, report: { _ in ProcessHeap.jemallocStatistics() },
    run: { load in
      load.team.run { comeAndGo(load.rings[$0], load.work) }
      return load.rings.reduce(0) { $0 &+ $1.digest }
    })
}

private final class Load: @unchecked Sendable {
  // SAFETY (@unchecked): each member of the team has a ring of its own.
  let work: Kind
  let team: Team
  let rings: [Ring]

  init(_ point: Point) throws {
    let work = Kind.allCases[point.value]
    self.work = work
    team = try point.team(work == .shared ? 2 : 1)
    rings = (0..<team.count).map { _ in Ring(point, work) }
  }
}

/// The blocks that live: as many as fit a quarter of a mebibyte, the oldest makes room for the newest.
private final class Ring: @unchecked Sendable {
  let sizes: AlignedBuffer<Int32>
  let blocks: AlignedBuffer<UnsafeMutablePointer<UInt8>?>
  var digest = 0

  init(_ point: Point, _ work: Kind) {
    var random = point.generator()
    sizes = AlignedBuffer(count: work.steps) { _ in
      work == .small ? Int32.random(in: 1...65, using: &random) * 16 : Int32(work.bytes)
    }
    blocks = AlignedBuffer(count: max(1, (1 << 20) / work.bytes / 4)) { _ in nil }
  }
}

@inline(never)
private func comeAndGo(_ ring: Ring, _ work: Kind) {
  let blocks = ring.blocks.elements
  var digest = 0
  var place = 0
  for step in ring.sizes.elements.indices {
    let bytes = Int(ring.sizes.elements[step])
    free(blocks[place])
    let block = malloc(bytes)!.assumingMemoryBound(to: UInt8.self)
    // SAFETY: of that size; the first byte of each page.
    for offset in stride(from: 0, to: bytes, by: 4_096) {
      block[offset] = 1
      digest += 1
    }
    blocks[place] = block
    place = place + 1 == blocks.count ? 0 : place + 1
  }
  ring.digest = digest
}
