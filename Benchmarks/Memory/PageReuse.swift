import Glibc
import Harness
import Results

extension Experiment {
  /// A buffer that is needed for each job: mapped each time, or kept.
  static let pageReuse = Experiment(
    id: "memory/page-reuse",
    title: "A buffer for each job: map and fault each time → keep",
    slot: "performance/memory/pools",
    claim: """
      A job that maps its buffer, fills it and unmaps it takes a page fault for every page; one \
      that keeps the buffer between jobs takes none and is several times faster, as long as \
      filling a page takes less time than faulting it in.
      """,
    mechanism: """
      `mmap` provides addresses, not memory. The first store to each page traps into the kernel, \
      which finds a page, clears it, enters it in the page table and returns. `munmap` takes the \
      pages back and flushes their translations. A kept buffer has its pages, and as much of it as \
      fits is still in the caches. `malloc` maps a block above its threshold of 128 KiB, but the \
      first `free` of one raises the threshold, so that the next block comes from the heap, which \
      keeps its pages (mallopt(3), M_MMAP_THRESHOLD).
      """,
    limits: """
      Kept memory is not available to others: keep what is used often, by size class, with an \
      upper bound. Where filling a page takes long, the fault hardly matters. Huge pages divide \
      the number of faults by some hundreds but still clear every byte.
      """,
    diagram: """
      flowchart LR
        subgraph before["map each time: {map each time}"]
          direction LR
          map["mmap"] --> fault["a fault per page, cleared"] --> fill["fill"] --> unmap["munmap"]
          unmap --> map
        end
        middle["malloc and free: {malloc and free}"]
        subgraph after["keep: {keep}"]
          fill2["fill"] --> fill2
        end
        before -- "{speedup} at {point}" --> after
      """,
    sweep: .bytes("buffer", [256 << 10, 1 << 20, 16 << 20, 64 << 20], smoke: 128 << 10),
    signals: ["minor faults", "system time"],
    work: { bytes in
      let filled = Double(jobs(bytes).count * bytes)
      return Work(elements: filled / Double(pageStepBytes), each: "4 KiB", bytes: filled)
    },
    variants: [
      Variant(
        "map each time", shows: ["fillMapped", "fill"], prepare: { $0.value },
        run: { bytes in jobs(bytes).sum { fillMapped(bytes) } }),
      Variant(
        "malloc and free", isReference: true, shows: ["fillAllocated", "fill"],
        prepare: { $0.value },
        run: { bytes in jobs(bytes).sum { fillAllocated(bytes) } }),
      Variant(
        "keep", shows: ["fill"],
        prepare: { AlignedBuffer<Int>(count: $0.value / 8) { _ in 0 } },
        run: { words in
          jobs(words.count * 8).sum {
            fill(words.elements.baseAddress!, count: opaque(words.count))
          }
        }),
    ],
    noYardstick: "Memory that is kept costs nothing; what remains is the filling, the same code.",
    model: costOfPage)
}

/// Enough jobs for some microseconds, however small the buffer.
private func jobs(_ bytes: Int) -> Passes { Passes(over: bytes, toReach: 1 << 20) }

/// Writes every word and returns the sum of one word of each step.
@inline(never)
private func fill(_ words: UnsafeMutablePointer<Int>, count: Int) -> Int {
  for index in 0..<count { words[index] = index }
  var sum = 0
  for index in stride(from: 0, to: count, by: pageStepBytes / 8) { sum &+= words[index] }
  return sum
}

@inline(never)
private func fillMapped(_ bytes: Int) -> Int {
  let pages = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)!
  precondition(pages != MAP_FAILED, "mmap of \(bytes) bytes: errno \(errno)")
  defer { munmap(pages, bytes) }
  // SAFETY: mapped above, of that size, for this call alone.
  return fill(pages.bindMemory(to: Int.self, capacity: bytes / 8), count: opaque(bytes / 8))
}

@inline(never)
private func fillAllocated(_ bytes: Int) -> Int {
  let block = malloc(bytes)!
  defer { free(block) }
  // SAFETY: allocated above, of that size, for this call alone.
  return fill(block.bindMemory(to: Int.self, capacity: bytes / 8), count: opaque(bytes / 8))
}
