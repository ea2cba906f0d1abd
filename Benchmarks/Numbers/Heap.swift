import CPerflab
import Glibc
import Harness
import Results

/// The allocator, page faults and memcpy.
enum Heap {
  private static let group = "Memory management"

  static func probes(_ levels: Levels) -> [Probe] {
    [16, 64, 256, 1024, 65_536].map { mallocAndFree($0) }
      + [
        mallocAndFree(64, threaded: true), manyBlocks(64),
        fault(
          "page.fault.4k", "Page fault, \(sized(levels.pageBytes))", page: levels.pageBytes,
          pages: .base, count: 256, arena: 64 << 20),
        fault(
          "page.fault.2m", "Page fault, 2 MiB", page: Region.hugePageBytes, pages: .huge, count: 2,
          arena: 64 << 20),
        turnover(of: 64, bytes: levels.pageBytes),
      ]
      + Preloaded.allCases.flatMap { allocator in
        [64, 65_536].map { mallocAndFree($0, preloaded: allocator) }
      }
      + [.l1, .l2, .memory].map { copy($0, bytes: levels.workingSet($0) / 2, from: levels.memory) }
  }

  private static func mallocAndFree(
    _ bytes: Int, threaded: Bool = false, preloaded: Preloaded? = nil
  ) -> Probe {
    let words = "a process that has \(threaded ? "" : "never ")had a second thread"
    let kind = preloaded?.name ?? (threaded ? "threaded" : nil)
    return repeated(
      (["malloc.free.\(bytes)"] + (kind.map { [$0] } ?? [])).joined(separator: "."),
      group: group,
      title: "malloc and free, \(sized(bytes))\(kind.map { ", \($0)" } ?? "")",
      method: "malloc of \(preloaded?.name ?? "the process's allocator") and immediate free, in "
        + words, needs: Preloaded.needs(preloaded), count: 1024, startsThreads: threaded,
      environment: Preloaded.environment(preloaded),
      prepare: { _ in
        if threaded {
          var thread = pthread_t()
          if pthread_create(&thread, nil, { _ in nil }, nil) == 0 { pthread_join(thread, nil) }
        }
        return Int(perflab_opaque(Int64(bytes)))
      },
      run: { bytes, count in
        for _ in 0..<count {
          let block = malloc(bytes)
          perflab_escape(block)
          free(block)
        }
        return count
      })
  }

  /// The cost in a program with many blocks, which overflow the allocator's thread cache.
  private static func manyBlocks(_ bytes: Int) -> Probe {
    let blocks = 4096
    return repeated(
      "malloc.free.\(bytes).many", group: group,
      title: "malloc and free, \(sized(bytes)), many blocks",
      method:
        "\(blocks) blocks allocated, the first word of each written; then all freed, the last one "
        + "first", count: 2 * blocks, smoke: 2 * blocks,
      prepare: { _ in
        UnsafeMutableBufferPointer<UnsafeMutablePointer<Int>>.allocate(capacity: blocks)
      },
      run: { slots, count in
        for _ in 0..<count / blocks {
          for slot in 0..<blocks {
            slots[slot] = malloc(bytes)!.assumingMemoryBound(to: Int.self)
            slots[slot].pointee = slot
          }
          for slot in (0..<blocks).reversed() { free(slots[slot]) }
        }
        return count
      })
  }

  private static func fault(
    _ name: String, _ title: String, page: Int, pages: Region.Pages, count: Int, arena: Int
  ) -> Probe {
    repeated(
      name, group: group, title: title,
      method: "first write to a page of fresh anonymous memory; unmapping is not timed",
      needs: [.memory(arena)], count: count, smoke: 1,
      prepare: { _ in try Fresh(page: page, pages: pages, arena: arena) },
      run: { fresh, count in fresh.touch(count) })
  }

  /// The cost of memory that a process maps and unmaps each time.
  private static func turnover(of pages: Int, bytes page: Int) -> Probe {
    repeated(
      "page.turnover", group: group, title: "Page mapped, touched and unmapped, \(sized(page))",
      method:
        "\(sized(pages * page)) mapped, one word per page written, and unmapped; time per page",
      count: pages, smoke: 2, prepare: { _ in page },
      run: { page, count in takeAndGiveBack(page, count) })
  }

  private static func copy(
    _ level: Levels.Level, bytes: Int, from kept: KeptMemory
  ) -> Probe {
    Probe(
      "memcpy.\(level)", group: "Bandwidth of one core",
      title: "memcpy, \(Levels.title(level))", unit: .bytesPerSecond,
      method: "memcpy of \(sized(bytes)) to an adjacent buffer; bytes copied count once",
      needs: [.memory(2 * bytes)], value: bytes, smoke: 4096,
      reading: { .rate(Double(Copy.passes($0) * $0)) },
      variant: Variant(
        "memcpy", shows: [], prepare: { point in try Copy(bytes: point.value, from: kept) },
        run: { copy in copy.run() }))
  }
}

@inline(never)
private func takeAndGiveBack(_ page: Int, _ count: Int) -> Int {
  let flags = MAP_PRIVATE | MAP_ANONYMOUS
  let start = mmap(nil, count * page, PROT_READ | PROT_WRITE, flags, -1, 0)!
  precondition(start != MAP_FAILED, "mmap of \(count) pages: errno \(errno)")
  // SAFETY: mapped above, of that size, for this call alone.
  for number in 0..<count { start.storeBytes(of: 1, toByteOffset: number * page, as: UInt8.self) }
  munmap(start, count * page)
  return count
}

/// Memory of which each page is touched for the first time; all of it is given back when it is
/// used up. That happens in few samples, which the median leaves out.
private final class Fresh {
  private let region: Region
  private let page: Int
  private var position = 0

  init(page: Int, pages: Region.Pages, arena: Int) throws {
    self.page = page
    // Proves that huge pages are to be had, and leaves the kernel's own tables in place.
    region = try Region(arena, pages: pages)
    madvise(region.start, region.bytes, MADV_DONTNEED)
  }

  func touch(_ count: Int) -> Int {
    for _ in 0..<count {
      if position == region.bytes {
        madvise(region.start, region.bytes, MADV_DONTNEED)
        position = 0
      }
      region.start.storeBytes(of: 1, toByteOffset: position, as: UInt8.self)
      position += page
    }
    return count
  }
}

private final class Copy {
  private let region: Region
  private let bytes: Int

  init(bytes: Int, from kept: KeptMemory) throws {
    region = try Region(2 * bytes, from: kept)
    self.bytes = bytes
  }

  static func passes(_ bytes: Int) -> Int { max(1, (256 << 10) / bytes) }

  func run() -> Int {
    let size = Int(perflab_opaque(Int64(bytes)))
    for _ in 0..<Self.passes(bytes) {
      memcpy(region.start, region.start + size, size)
      perflab_escape(region.start)
    }
    return bytes
  }
}
