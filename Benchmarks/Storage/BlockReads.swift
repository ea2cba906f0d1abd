import Disks
import Harness
import Platform
import Results
import Statistics

/// Reads of blocks at random out of a file on the disk: what the experiments on devices share.
final class BlockReads {
  /// Of the file.
  static let fileBytes = 64 << 20
  /// Of scratch space.
  static let needed = 80 << 20

  let blocks: BlockFile
  let file: DiskFile
  let buffer: AlignedMemory
  private var random: SeededGenerator
  private var latencies: [UInt64] = []
  private let device: BlockDevice?
  private var busy = (device: 0, wall: UInt64(0))

  init(_ point: Point, bytes: Int = BlockFile.blockBytes) throws {
    blocks = try SharedBlocks.file(bytes: Self.fileBytes)
    file = try DiskFile(blocks.path, .direct)
    buffer = AlignedMemory(bytes)
    random = point.generator()
    device = try? BlockDevice(of: blocks.path)
  }

  /// The first block of the next place, of `count` blocks each.
  func next(of count: Int = 1) -> Int {
    Int.random(in: 0..<blocks.blocks / count, using: &random) * count
  }

  /// Reads some blocks in one call.
  /// - Returns: how many sectors are right.
  func read(_ block: Int, into buffer: AlignedMemory) throws(DiskError) -> Int {
    try file.read(buffer.bytes, at: block * BlockFile.blockBytes)
    return BlockFile.rightSectors(UnsafeRawBufferPointer(buffer.bytes), from: block)
  }

  func note(latency: UInt64) { latencies.append(latency) }

  /// Runs a call and notes for how much of it the device had work.
  func watched(_ body: () throws -> UInt64) rethrows -> UInt64 {
    let (before, start) = (device?.read().busyMilliseconds ?? 0, Clock.now())
    let answer = try body()
    busy.device += (device?.read().busyMilliseconds ?? 0) - before
    busy.wall += Clock.now() - start
    return answer
  }

  /// Since the last report: the 99th percentile of the latencies, and the device's utilisation.
  func report() -> [String: Counter] {
    defer {
      latencies.removeAll(keepingCapacity: true)
      busy = (0, 0)
    }
    latencies.sort()
    var report: [String: Counter] = [:]
    if let p99 = latencies.isEmpty ? nil : latencies[latencies.count * 99 / 100] {
      report["p99 latency"] = Counter(Double(p99), unit: .nanoseconds)
    }
    if device != nil, busy.wall > 0 {
      let share = 1e8 * Double(busy.device) / Double(busy.wall)
      report["device busy"] = Counter(min(100, share), unit: .share)
    }
    return report
  }
}
