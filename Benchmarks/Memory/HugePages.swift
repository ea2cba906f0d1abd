import Harness
import Results

extension Experiment {
  /// Random visits to a large table, on small and on huge pages.
  static let hugePages = Experiment(
    id: "memory/huge-pages",
    title: "Pages of a large table: 4 KiB → 2 MiB, by madvise",
    slot: "performance/memory/detection",
    claim: """
      Random visits to memory whose translations do not fit in the translation buffers (TLB) are \
      faster on huge pages, the more so the farther from the core the page tables lie; within the \
      buffers' reach, and for visits in order, the page size does not matter.
      """,
    mechanism: """
      The TLB holds some thousand translations to physical addresses: they reach some megabytes \
      with 4 KiB pages, and 512 times as far with 2 MiB pages. Beyond that the core walks the page \
      tables: a dependent load per level, whose entries compete with the data for the caches. In a \
      virtual machine each of these is itself translated by the host's tables. The code and the \
      chain of visits are the same; only `madvise(MADV_HUGEPAGE)` differs. The kernel may silently \
      refuse, so the page shows what it granted: AnonHugePages of /proc/self/smaps.
      """,
    limits: """
      If the host backs the guest's memory with small pages, the host's half of the walk remains. \
      A huge page is cleared as a whole at the first touch, and its unused part is wasted. Where \
      memory is fragmented the kernel has none to give. Better locality helps more than either \
      page size: see `memory/cache-levels`.
      """,
    diagram: """
      flowchart LR
        visit["visit at random"]
        subgraph before["4 KiB: {4 KiB pages}"]
          direction LR
          t1["TLB miss"] --> w1["page-table walk: a load per level"] --> d1["data"]
        end
        subgraph after["2 MiB: {2 MiB pages}"]
          direction LR
          t2["TLB hit"] --> d2["data"]
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
      .pages(of: 4 << 10),
      .file(
        "/sys/kernel/mm/transparent_hugepage/enabled", purpose: "transparent huge pages"),
    ],
    work: { _ in Work(elements: Double(visits), each: "visit") },
    variants: [
      variant("4 KiB pages", pages: .small), variant("2 MiB pages", pages: .transparentHuge),
    ],
    model: { question throws(MissingNumber) in
      // The baseline's two instances and the candidate's take turns: when one is back at a line, the
      // tables of all have been visited.
      let bytes = 3 * Double(question.value)
      let load = try question.chaseLatency(in: bytes)
      // Entries of eight bytes. Where the second level does not hold them a walk takes what a load
      // from memory takes longer than on huge pages.
      let entries = 8 * bytes / Double(question.pageBytes)
      let walk =
        entries <= Double(question.capacity(of: .l2) ?? 0)
        ? try question.time("tlb.walk")
        : longest(
          .zero, try question.latency(of: .memory) - question.time("latency.memory.huge"))
      let share = longest(.zero, 1 - (try question.size("tlb.reach")) / Size.exactly(bytes))
      let walks = (share * walk).named(
        "page-table walks", because: "Only visits beyond the TLB's reach need one.")
      // The latency is measured on small pages.
      let data = (load - share * walk).named("loads of the data")
      return Model(question.isBaseline ? data + walks : data)
    })
}

/// Dependent visits in one kernel call.
private let visits = 4_096

private func variant(_ name: String, pages: MappedBuffer<UInt32>.Pages) -> Variant {
  Variant(
    name, shows: ["Cycle", "visit"], prepare: { try Cycle($0, pages: pages) },
    report: { ["huge bytes": $0.granted] }, run: visit)
}

/// A random cycle through the table's lines; each line begins with the number of the next.
private final class Cycle: @unchecked Sendable {
  let lines: MappedBuffer<UInt32>
  /// Read once: reading it takes longer than a call of the kernel.
  let granted: Counter
  /// Where the next call continues, so that it does not find the last call's lines in the caches.
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
