import Glibc
import Harness
import Results
import Techniques

/// Blocks of one size of which some live long, and the resident memory that they leave.
final class MixedLifetimes: @unchecked Sendable {
  // SAFETY (@unchecked): used only by the kernel's thread.
  typealias Block = (Int, Int, Int, Int, Int, Int, Int)

  /// As requested: with glibc's header of 8 bytes, 64.
  static let blockBytes = 56
  static let count = 128 << 10

  /// Whether each block lives on.
  let lives: AlignedBuffer<Bool>
  private let survivors: Int
  let blocks: AlignedBuffer<UnsafeMutableRawPointer?>
  private let oneIn: Int
  private var before: Int?
  /// Resident bytes after the short-lived blocks of the last call were freed; nil where the kernel
  /// does not report it.
  private var resident: Int?

  init(_ point: Point) {
    var random = point.generator()
    oneIn = point.value
    // The same number in every process, at random places.
    let numbers = (0..<Self.count).shuffled(using: &random)
    survivors = Self.count / point.value
    let lives = AlignedBuffer(count: Self.count) { _ in false }
    for number in numbers.prefix(survivors) { lives.elements[number] = true }
    self.lives = lives
    blocks = AlignedBuffer(count: Self.count) { _ in nil }
  }

  /// Share of the pages with a survivor on them.
  static func pinnedShare(oneIn survivors: Int, _ pageBytes: Int) -> Double {
    1 - pow(1 - 1 / Double(survivors), Double(pageBytes / 64))
  }

  /// Resident bytes per live byte where the survivors have a pool. Each chunk is twice as large as
  /// the one before; malloc takes those below 128 KiB from the heap (mallopt(3), M_MMAP_THRESHOLD).
  static func pool(oneIn survivors: Int, _ pageBytes: Int) -> Ratio {
    let (needed, slot) = (count / survivors, SlotPool<Block>.bytesPerSlot)
    var (chunks, held, next) = (0, 0, 64)
    while held < needed, next * slot < 128 << 10 {
      (chunks, held, next) = (chunks + 1, held + next, 2 * next)
    }
    let live = Double(needed * blockBytes)
    return Ratio.exactly(Double(needed * slot) / live).named("slots of the pool")
      + Ratio.exactly(Double(chunks * pageBytes) / live).named(
        "pages at chunks' ends", because: "A chunk begins and ends within a page.")
  }

  /// Reads the resident memory before the blocks are allocated.
  func readBefore() {
    ProcessHeap.giveBackPages()
    before = ProcessHeap.residentAnonymousBytes()
  }

  /// Reads it when the short-lived blocks are freed.
  func readAfter() {
    ProcessHeap.giveBackPages()
    guard let before, let now = ProcessHeap.residentAnonymousBytes() else { return }
    resident = now - before
  }

  func report() -> [String: Counter] {
    let live = Double(survivors * Self.blockBytes)
    guard let resident else {
      let none = Counter(unavailable: "/proc/self/smaps_rollup cannot be read")
      return ["resident bytes per live byte": none, "pinned pages": none]
    }
    let blocks = Double(Self.count * 64)
    let predicted = Self.pinnedShare(oneIn: oneIn, sysconf(Int32(_SC_PAGESIZE)))
    return [
      "resident bytes per live byte": Counter(Double(resident) / live, unit: .count),
      "pinned pages": Counter(100 * Double(resident) / blocks, unit: .share),
      "predicted pinned pages": Counter(100 * predicted, unit: .share),
    ]
  }
}
