import Disks
import Harness
import Platform
import Results
import Statistics
import Techniques

/// Blocks on the disk that are read at random, by their popularity, through a cache of one's own.
final class CachedSet {
  /// Of the set: 16 MiB.
  static let blocks = 4_096
  static let popularity = Popularity(blocks: blocks, skew: 0.8)

  var cache: ClockCache<Int>
  private let file: DiskFile
  private let memory: AlignedMemory
  /// Drawn beforehand: what is timed is the cache.
  private let uses: [Int32]
  private var position = 0
  private var (reads, misses) = (0, 0)

  /// - Parameter slots: of the cache, which is as it is after many reads.
  init(_ point: Point, slots: Int) throws {
    let blocks = try SharedBlocks.file(bytes: Self.blocks * BlockFile.blockBytes)
    file = try DiskFile(blocks.path, .direct)
    cache = ClockCache(slots: slots)
    memory = AlignedMemory(slots * BlockFile.blockBytes)
    var random = point.generator()
    // Popular blocks lie anywhere.
    let places = (0..<Int32(Self.blocks)).shuffled(using: &random)
    uses = (0..<1 << 17).map { _ in
      places[Self.popularity.rank(Double.random(in: 0..<1, using: &random))]
    }
    let image = AlignedMemory(Self.blocks * BlockFile.blockBytes)
    for start in stride(from: 0, to: image.bytes.count, by: 1 << 20) {
      try file.read(image[from: start, count: 1 << 20], at: start)
    }
    warmUp(from: image)
  }

  /// Fills the cache by the same uses, from a copy in memory.
  private func warmUp(from image: AlignedMemory) {
    var contents = [Int](repeating: -1, count: cache.slots)
    // A set that fits is all there, the rarest blocks included.
    if cache.slots == Self.blocks {
      for block in 0..<Self.blocks { contents[cache.replace(with: block)] = block }
    }
    for use in uses where cache.slot(of: Int(use)) == nil {
      contents[cache.replace(with: Int(use))] = Int(use)
    }
    for (slot, block) in contents.enumerated() where block >= 0 {
      memory[from: slot * BlockFile.blockBytes, count: BlockFile.blockBytes].copyMemory(
        from: UnsafeRawBufferPointer(
          image[from: block * BlockFile.blockBytes, count: BlockFile.blockBytes]))
    }
  }

  /// The block that is read next.
  func next() -> Int {
    position = (position + 1) & (uses.count - 1)
    reads += 1
    return Int(uses[position])
  }

  func bytes(in slot: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(memory[from: slot * BlockFile.blockBytes, count: BlockFile.blockBytes])
  }

  /// A miss: reads a block from the device.
  func load(_ block: Int, into slot: Int) throws(DiskError) {
    misses += 1
    try file.read(
      memory[from: slot * BlockFile.blockBytes, count: BlockFile.blockBytes],
      at: block * BlockFile.blockBytes)
  }

  /// Since the last report.
  func report() -> [String: Counter] {
    defer { (reads, misses) = (0, 0) }
    let share = 100 * Double(reads - misses) / Double(max(1, reads))
    return ["hit share": Counter(share, unit: .share)]
  }
}
