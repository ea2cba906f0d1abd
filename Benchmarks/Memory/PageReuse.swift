import Glibc
import Harness
import Results

extension Experiment {
  /// A buffer that is needed again and again: mapped each time, or kept.
  static let pageReuse = Experiment(
    id: "memory/page-reuse",
    title: "A buffer for each job: map and fault each time → keep",
    slot: "performance/memory/pools",
    claim: """
      A job that maps its buffer, fills it and unmaps it pays a page fault for every page; one \
      that keeps the buffer between jobs pays none and is several times faster, as long as \
      filling a page costs less than faulting it in.
      """,
    mechanism: """
      `mmap` gives addresses, not memory. The first store to each page traps into the kernel, \
      which finds a page, clears it, enters it in the page table and returns; under a hypervisor \
      the walk of the tables is two-dimensional. `munmap` takes all of them back and the \
      processor's cached translations with them. A kept buffer has its pages, and as far as it \
      fits its lines are still in the caches. Both variants fill the same bytes with the same \
      loop. The middle one leaves it to glibc: a block above its threshold of 128 KiB is mapped, \
      but the first `free` of one raises the threshold, and the next comes from the heap \
      (mallopt(3), M_MMAP_THRESHOLD), which is kept.
      """,
    limits: """
      Kept memory is not there for others: keep what is used often, by size class, and bound it. \
      Where a page is filled slowly, the fault is lost in it. Huge pages divide the number of \
      faults by 512 but still clear every byte.
      """,
    diagram: """
      flowchart LR
        subgraph before["map each time: {map each time}"]
          direction LR
          map["mmap"] --> fault["a fault a page, cleared"] --> fill["fill"] --> unmap["munmap"]
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
      return Work(elements: filled / Double(pageBytes), each: "page", bytes: filled)
    },
    variants: [
      Variant(
        "map each time", shows: ["fillMapped", "fill"], prepare: { $0.value },
        run: { bytes in jobs(bytes).sum { fillMapped(bytes) } }),
      Variant(
        "malloc and free", shows: ["fillAllocated", "fill"], prepare: { $0.value },
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
    predict: predictKeeping)
}

private func predictKeeping(_ question: OldQuestion) throws(MissingNumber) -> Prediction? {
  guard question.candidate == "keep" else { return nil }
  let bytes = Double(question.value)
  let pages = bytes / Double(pageBytes)
  let turnover = pages * (try question.number("page.turnover"))
  // The kernel has just cleared the page that is filled, so that it is in the nearest caches.
  let fresh = bytes / (try question.bandwidth("write", in: Double(pageBytes)))
  let kept = try question.moving(bytes, by: "write", in: bytes)
  // Then a word of each page is read. They all fall into few sets of the first level, more than
  // those hold.
  let sets = question.sets(of: .l1, atStride: pageBytes)?.count ?? 1
  let home = question.home(of: bytes)
  let word = max(
    try question.curve(.crowdedLoad, at: Double(sets)), try question.overlappedLine(from: home))
  let read = pages * word
  return Prediction(
    speedup: (turnover + fresh + read) / (kept + read),
    because: """
      A page that is mapped, faulted in, cleared and given back costs \
      \((turnover / pages).brief) ns, \(turnover.brief) ns in all, and is then filled in the \
      nearest cache (\(fresh.brief) ns). A kept buffer is filled where it stayed: at \
      \((bytes / kept).brief) bytes/ns, \(kept.brief) ns. Reading a word of each page comes to \
      both (\(read.brief) ns).
      """)
}

private let pageBytes = 4_096

/// Enough of them for some microseconds, however small the buffer.
private func jobs(_ bytes: Int) -> Passes { Passes(over: bytes, toReach: 1 << 20) }

/// Writes every word and gives the sum of one word a page.
@inline(never)
private func fill(_ words: UnsafeMutablePointer<Int>, count: Int) -> Int {
  for index in 0..<count { words[index] = index }
  var sum = 0
  for index in stride(from: 0, to: count, by: pageBytes / 8) { sum &+= words[index] }
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
