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
      jemalloc's per-thread caches (over 32 KiB) many times slower; never returning them gains \
      little over the defaults, and neither matters much for small blocks, which share pages.
      """,
    mechanism: """
      A freed large block leaves dirty pages. By default they stay for about ten seconds and the next \
      block of that size reuses them; with a decay of 0, `madvise` returns each page when it is freed, \
      and every page of the next block is a page fault. With one arena (`narenas:1`) all threads \
      contend for its lock. A background thread returns pages in place of the program's threads.
      """,
    limits: """
      Slow decay costs memory that stays resident after a peak (`jemalloc resident` in the table), so \
      prompt decay may be right where memory is short. The workloads run too briefly for a decay of \
      ten seconds, or the background thread, to matter.
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
      "workload", BlockTraffic.allCases.map(\.rawValue), smoke: 0,
      needs: { [.cores(BlockTraffic.allCases[$0].threads)] }),
    signals: ["minor faults"]
      + ["allocated", "active", "resident", "retained"].map { "jemalloc \($0)" },
    work: { Work(elements: Double(BlockTraffic.allCases[$0].steps), each: "block") },
    variants: [
      variant("defaults", [:]),
      variant("one arena", ["MALLOC_CONF": "narenas:1"]),
      variant("no keeping", ["MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0"]),
      variant("keep for ever", ["MALLOC_CONF": "dirty_decay_ms:-1"]),
      variant("background thread", ["MALLOC_CONF": "background_thread:true"]),
    ],
    noYardstick: "The candidates are options of one library.",
    headline: DeclaredHeadline(value: 1, variant: "no keeping"),
    model: { question throws(MissingNumber) in
      // The other options change nothing that a number of the machine measures.
      let returns = question.variant == "no keeping"
      let traffic = BlockTraffic.allCases[question.value]
      guard traffic == .large, returns || question.isBaseline else { return nil }
      // Lines 4 KiB apart map to few sets of the first-level cache, which can't hold them.
      let sets = question.sets(of: .l1, atStride: 4_096)?.count ?? 1
      let stores =
        Double(traffic.bytes / 4_096) * (try question.curve(.crowdedStore, at: Double(sets)))
      let kept =
        try question.time("malloc.free.65536.jemalloc").named("malloc and free")
        + stores.named("stores with conflict misses")
      if !returns { return Model(kept) }
      let pages = Double(traffic.bytes / question.pageBytes)
      let turnover = pages * (try question.time("page.turnover"))
      return Model(kept + turnover.named("pages returned and faulted in"))
    })
}

private func variant(_ name: String, _ variables: [String: String]) -> Variant {
  Variant(
    name, shows: ["comeAndGo", "Ring"],
    environment: Preloaded.environment(.jemalloc, variables: variables),
    needs: Preloaded.needs(.jemalloc),
    prepare: { point in
      let traffic = BlockTraffic.allCases[point.value]
      let rings = (0..<traffic.threads).map { _ in Ring(point, traffic) }
      return (team: try point.team(traffic.threads), rings: rings)
    },
    report: { _ in ProcessHeap.jemallocStatistics() },
    run: { team, rings in
      team.run { comeAndGo(rings[$0]) }
      return rings.reduce(0) { $0 &+ $1.digest }
    })
}

/// The live blocks, a quarter of a mebibyte of them: the oldest makes room for the newest.
private final class Ring: @unchecked Sendable {
  let sizes: AlignedBuffer<Int32>
  let blocks: AlignedBuffer<UnsafeMutablePointer<UInt8>?>
  var digest = 0

  init(_ point: Point, _ traffic: BlockTraffic) {
    var random = point.generator()
    sizes = AlignedBuffer(count: traffic.steps) { _ in
      traffic == .small ? Int32.random(in: 1...65, using: &random) * 16 : Int32(traffic.bytes)
    }
    blocks = AlignedBuffer(count: max(1, (1 << 20) / traffic.bytes / 4)) { _ in nil }
  }
}

@inline(never)
private func comeAndGo(_ ring: Ring) {
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
