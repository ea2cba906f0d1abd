import Glibc
import Harness
import Results

extension Experiment {
  /// The same program under jemalloc with different options.
  static let jemallocOptions = Experiment(
    id: "memory/jemalloc-options",
    title: "jemalloc's options: defaults → one arena, prompt or no decay, background thread",
    slot: "performance/memory/pools",
    claim: """
      Returning freed pages at once (`dirty_decay_ms:0`) makes blocks that are too large for \
      jemalloc's per-thread caches (over 32 KiB) many times slower, since each page is faulted in \
      again; never returning them gains little over the defaults, and small blocks, which share \
      pages, notice little of either.
      """,
    mechanism: """
      A freed large block leaves dirty pages. By default they stay for about ten seconds and the next \
      block of that size reuses them; with a decay of 0, `madvise` returns each page when it is freed, \
      and every page of the next block is a page fault. One arena (`narenas:1`) makes all threads \
      contend for its lock. A background thread takes over the returning of pages. All variants are \
      the same code; only `MALLOC_CONF` differs.
      """,
    limits: """
      Slow decay costs memory that stays resident after a peak: see `jemalloc resident` in the table. \
      Where memory is short, prompt decay may be right all the same. The workloads run too briefly \
      for a decay of ten seconds, or the background thread, to matter. The first lines of all pages \
      map to few sets of the first-level cache; touching a kept page elsewhere costs less.
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
    headline: DeclaredHeadline(value: 1, variant: "no keeping"),
    model: { question throws(MissingNumber) in
      // The other options change nothing that a number of the machine measures.
      let returns = question.variant == "no keeping"
      let work = Kind.allCases[question.value]
      guard work == .large, returns || question.isBaseline else { return nil }
      let pages = Double(work.bytes / 4_096)
      // The first lines of all pages map to few sets of the first-level cache, which can't hold them.
      let sets = question.sets(of: .l1, atStride: 4_096)?.count ?? 1
      let stores = pages * (try question.curve(.crowdedStore, at: Double(sets)))
      let kept =
        try question.time("malloc.free.65536.jemalloc").named("malloc and free")
        + stores.named("stores to a crowded cache set")
      if !returns { return Model(kept) }
      let turnover = pages * (try question.time("page.turnover"))
      return Model(kept + turnover.named("pages returned and faulted in"))
    })
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

/// The live blocks, a quarter of a mebibyte of them: the oldest makes room for the newest.
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
