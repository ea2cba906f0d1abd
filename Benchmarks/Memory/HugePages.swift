import Harness
import Results

extension Experiment {
  /// Random visits to a large table, on ordinary and on huge pages.
  static let hugePages = Experiment(
    id: "memory/huge-pages",
    title: "Pages of a large table: 4 KiB → 2 MiB, by madvise",
    slot: "performance/memory/detection",
    claim: """
      Random visits to memory of which the translations do not fit the processor's translation \
      buffers are faster on huge pages, the more the further the page tables are from the core; \
      within the buffers' reach, and for visits in order, the page size does not matter.
      """,
    mechanism: """
      Each access needs the physical address. The translation buffers hold some thousand pages: \
      with 4 KiB a page they reach some megabytes, with 2 MiB 512 times as far. Beyond that the \
      core walks the page tables, four dependent loads of entries that compete with the data for \
      the caches; in a virtual machine each of the four is translated by the host's tables in its \
      turn. The code is the same, the chain of visits is the same; only \
      `madvise(MADV_HUGEPAGE)` differs. The kernel may refuse silently, so the page shows what \
      was granted: AnonHugePages of /proc/self/smaps.
      """,
    limits: """
      A host that backs the guest by small pages keeps its half of the walk. Huge pages are \
      cleared at once, 2 MiB at the first touch, and waste what is not used of them. Where \
      memory is fragmented the kernel has none to give. Better locality helps more than either \
      page size: see `memory/cache-levels`.
      """,
    diagram: """
      flowchart LR
        visit["visit at random"]
        subgraph before["4 KiB: {4 KiB pages}"]
          direction LR
          t1["translation not cached"] --> w1["walk: 4 levels"] --> d1["data"]
        end
        subgraph after["2 MiB: {2 MiB pages}"]
          direction LR
          t2["translation cached"] --> d2["data"]
        end
        visit --> before
        visit --> after
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .bytes(
      "table", [4 << 20, 16 << 20, 64 << 20, 256 << 20], smoke: 2 << 20,
      needs: { [.memory(3 * $0)] }),
    signals: ["huge bytes", "dTLB load misses"],
    needs: [
      .file(
        "/sys/kernel/mm/transparent_hugepage/enabled", purpose: "transparent huge pages")
    ],
    work: { _ in Work(elements: Double(visits), each: "visit") },
    variants: [
      variant("4 KiB pages", pages: .small), variant("2 MiB pages", pages: .transparentHuge),
    ],
    predict: { question throws(MissingNumber) in
      let bytes = Double(question.value)
      let small = try question.number("latency.memory")
      let huge = try question.number("latency.memory.huge")
      let reach = try question.number("tlb.reach")
      // The caches' share of the visits, with memory at its price on huge pages.
      let beyond = max(0, 1 - Double(question.capacity(of: .l3) ?? 0) / bytes)
      let data = try question.randomLatency(in: bytes) - beyond * (small - huge)
      let walk = beyond > 0 ? max(0, small - huge) : try question.number("tlb.walk")
      let walks = max(0, 1 - reach / bytes)
      return Prediction(
        speedup: (data + walks * walk) / data,
        because: """
          The translation buffers reach \(reach.brief) bytes, so that \((100 * walks).brief)% of \
          the visits walk the tables, which costs \(walk.brief) ns where this table lies; the \
          data cost \(data.brief) ns on either page size.
          """)
    })
}

/// Dependent visits in one kernel call.
private let visits = 4_096

private func variant(_ name: String, pages: MappedBuffer<UInt32>.Pages) -> Variant {
  Variant(
    name, shows: ["Cycle", "visit"], prepare: { try Cycle($0, pages: pages) },
    report: { ["huge bytes": $0.granted] }, run: visit)
}

/// A random cycle through the table, one step a line; each line begins with the next one's number.
private final class Cycle: @unchecked Sendable {
  let lines: MappedBuffer<UInt32>
  /// Looked up once: that takes longer than a call.
  let granted: Counter
  /// Where the next call goes on, so that calls do not find the last one's lines in the caches.
  var position: UInt32 = 0
  static let stride = 64 / MemoryLayout<UInt32>.stride

  init(_ point: Point, pages: MappedBuffer<UInt32>.Pages) throws {
    lines = try MappedBuffer(count: point.value / MemoryLayout<UInt32>.stride, pages: pages)
    let count = point.value / 64
    let cycle = VisitCycle(count, for: point)
    for line in 0..<count {
      lines.elements[line * Self.stride] = UInt32(truncatingIfNeeded: cycle.successor(line))
    }
    granted = lines.hugeBytes()
  }
}

@inline(never)
private func visit(_ cycle: Cycle) -> Int {
  let lines = cycle.lines.elements
  var line = cycle.position
  for _ in 0..<visits { line = lines[Int(line) * Cycle.stride] }
  cycle.position = line
  return line < lines.count ? visits : 0
}
