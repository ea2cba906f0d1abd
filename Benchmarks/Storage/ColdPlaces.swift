import Disks
import Glibc
import Harness
import Platform
import Results
import Statistics

/// Places of a file that the page cache does not have.
///
/// Each call takes the next part of a file of its own, and the page cache is emptied of it between
/// samples, so that no call finds what another has read.
final class ColdPlaces: @unchecked Sendable {
  // SAFETY (@unchecked): the prefetch thread reads with a buffer of its own; all else is used by the
  // kernel's thread.

  /// Of a call.
  static let readsEach = 64
  /// Places that are asked for before they are needed.
  static let ahead = 16
  static let needed = 80 << 20
  private static let fileBytes = 16 << 20
  /// Each fourth block is read, so that reads have no neighbours.
  private static let spacing = 4

  let prefetcher: BlockingThreads
  private let folder: ScratchFolder
  private let file: DiskFile
  private let blocks: BlockFile
  private let buffer = AlignedMemory(BlockFile.blockBytes)
  private let aheadBuffer = AlignedMemory(BlockFile.blockBytes)
  private let work: UInt64
  private var random: SeededGenerator
  private var part = 0
  private var cachedBefore = 0
  private var (waited, wall) = (UInt64(0), UInt64(0))

  init(_ point: Point) throws {
    // Of its own: what another has read must not be in the page cache.
    folder = try ScratchFolder(bytes: Self.fileBytes)
    blocks = try BlockFile(
      folder.file("places"), blocks: Self.fileBytes / BlockFile.blockBytes)
    file = try DiskFile(blocks.path, .cached)
    file.expectRandomReads()
    // On the other processor, where it does not take the program's.
    prefetcher = try BlockingThreads(1, on: [point.cpus[point.cpus.count > 1 ? 1 : 0]])
    work = UInt64(point.value) * 1_000
    random = point.generator()
    try file.dropCache()
  }

  private var parts: Int { blocks.blocks / Self.spacing / Self.readsEach }

  /// Runs a call on the next part's places, in an order without pattern.
  func timed(_ body: ([Int]) throws -> UInt64) throws -> UInt64 {
    if part == parts { try empty() }
    let first = part * Self.readsEach
    part += 1
    let list = (first..<first + Self.readsEach).map { $0 * Self.spacing }.shuffled(using: &random)
    let (start, cpu) = (Clock.now(), ProcessorTimes.ofThread())
    let answer = try body(list)
    let elapsed = Clock.now() - start
    wall += elapsed
    waited += elapsed - min(elapsed, ProcessorTimes.ofThread() - cpu)
    return answer
  }

  /// Reads a block and works on it for the given time.
  func readAndWork(_ block: Int) throws(DiskError) -> Int {
    try file.read(buffer.bytes, at: block * BlockFile.blockBytes)
    let right = BlockFile.rightSectors(UnsafeRawBufferPointer(buffer.bytes), from: block)
    if work > 0 {
      let end = Clock.now() + work
      while Clock.now() < end {}
    }
    return right
  }

  func advise(_ block: Int) {
    file.prefetch(from: block * BlockFile.blockBytes, count: BlockFile.blockBytes)
  }

  /// The prefetch thread's work: reads the same places, as fast as it can.
  func readAhead(_ list: [Int]) {
    for block in list {
      attempt { try file.read(aheadBuffer.bytes, at: block * BlockFile.blockBytes) }
    }
  }

  /// Empties the page cache of this file.
  private func empty() throws {
    try file.dropCache()
    part = 0
    cachedBefore = try file.cachedPages(from: 0, count: blocks.bytes)
  }

  /// Since the last report; outside the measured time, the page cache is emptied.
  func report() -> [String: Counter] {
    defer { (waited, wall) = (0, 0) }
    attempt { try empty() }
    return [
      "waiting": Counter(100 * Double(waited) / Double(max(1, wall)), unit: .share),
      "cached before": Counter(Double(cachedBefore), unit: .count),
    ]
  }
}
