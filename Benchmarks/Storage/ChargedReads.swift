import Disks
import Harness
import Platform
import Results
import Statistics
import Synchronization

/// Reads at random whose processor time is counted, of all threads of the process.
final class ChargedReads {
  let blocks: BlockFile
  private let file: DiskFile
  private var random: SeededGenerator
  private var (processor, switches) = (UInt64(0), UInt64(0))
  private var wall: UInt64 = 0
  private var reads = 0

  init(_ point: Point) throws {
    blocks = try SharedBlocks.file(bytes: BlockReads.fileBytes)
    file = try DiskFile(blocks.path, .direct)
    random = point.generator()
  }

  /// The blocks that a call reads, for any number of threads.
  func start(_ count: Int) -> SharedReads {
    reads += count
    return SharedReads(
      file, (0..<count).map { _ in Int.random(in: 0..<blocks.blocks, using: &random) })
  }

  /// Runs a call and counts what it takes of the processors.
  func charged(_ body: (ChargedReads) -> UInt64) -> UInt64 {
    let (before, start) = (ProcessAccounting.read(), Clock.now())
    let answer = body(self)
    let used = ProcessAccounting.read() - before
    processor += used.cpuNanoseconds
    switches += used.voluntarySwitches + used.involuntarySwitches
    wall += Clock.now() - start
    return answer
  }

  /// Since the last report.
  func report() -> [String: Counter] {
    defer { (processor, switches, wall, reads) = (0, 0, 0, 0) }
    let count = Double(max(1, reads))
    return [
      "CPU per read": Counter(Double(processor) / count, unit: .nanoseconds),
      "context switches per read": Counter(
        Double(switches) / count, unit: .count),
      "reads per second": Counter(1e9 * count / Double(max(1, wall)), unit: .operationsPerSecond),
    ]
  }
}

/// Blocks that several threads read, each block by one of them.
final class SharedReads: Sendable {
  let file: DiskFile
  private let blocks: [Int]
  private let taken = Atomic<Int>(0)
  private let sectors = Atomic<Int>(0)

  init(_ file: DiskFile, _ blocks: [Int]) { (self.file, self.blocks) = (file, blocks) }

  /// The next block; nil when all are taken.
  func next() -> Int? {
    let index = taken.wrappingAdd(1, ordering: .relaxed).oldValue
    return index < blocks.count ? blocks[index] : nil
  }

  /// Notes how many sectors of a block are right.
  func check(_ bytes: UnsafeRawBufferPointer, of block: Int) {
    sectors.wrappingAdd(BlockFile.rightSectors(bytes, from: block), ordering: .relaxed)
  }

  var right: UInt64 { UInt64(sectors.load(ordering: .relaxed)) }
}
