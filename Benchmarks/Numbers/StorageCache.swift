import Disks
import Harness
import Platform
import Results
import Techniques

/// The page cache, a cache of one's own, and what a read costs the processor.
enum StorageCache {
  private static let group = Storage.group

  static let probes = [
    repeated(
      "pread.cached.4k", group: group, title: "Read of 4 KiB from the page cache",
      method: "pread at random offsets in 4 MiB that are cached", needs: Storage.space, count: 64,
      smoke: 4, prepare: { _ in try CachedBlocks(dropping: false) }, run: { $0.read($1) }),
    repeated(
      "read.cold.4k", group: group, title: "Read of 4 KiB that the page cache does not have",
      method: "pread at random offsets without read-ahead, after POSIX_FADV_DONTNEED",
      needs: Storage.space, count: 8, smoke: 4, prepare: { _ in try CachedBlocks(dropping: true) },
      run: { $0.read($1) }),
    repeated(
      "prefetch.4k", group: group, title: "Telling the kernel to read 4 KiB ahead",
      method: "POSIX_FADV_WILLNEED for blocks that are not cached, caller's time only",
      needs: Storage.space, count: 32, smoke: 4,
      prepare: { _ in try CachedBlocks(dropping: true) }, run: { $0.prefetch($1) }),
    repeated(
      "clock.hit", group: group, title: "A hit in a cache of one's own",
      method: "look-up by CLOCK among 4,096 blocks of 4 KiB and a check of the block's stamps",
      count: 256, smoke: 4, prepare: { _ in HitBlocks(blocks: 4_096) }, run: { $0.hit($1) }),
    charged(
      "read.cpu", "Processor time of a direct read",
      "user and system time of 4 KiB direct reads by one thread, which sleeps for each"),
    charged(
      "read.cpu.batch", "Processor time of a read in a batch",
      "the same of 128 reads in flight through io_uring", depth: 128),
    charged(
      "read.cpu.each", "Processor time of a read of many, submitted by itself",
      "the same with a system call for each of the 128", depth: 128, submitting: .each),
    charged(
      "read.cpu.registered", "Processor time of a read in a batch, registered",
      "the same with registered buffers and file", depth: 128, submitting: .registered),
  ]

  /// - Parameter depth: reads in flight through io_uring; nil for `pread`.
  private static func charged(
    _ name: String, _ title: String, _ method: String, depth: Int? = nil,
    submitting: ChargedReads.Submission = .together
  ) -> Probe {
    Probe(
      name, group: group, title: title, method: method,
      needs: Storage.space + (depth == nil ? [] : [.ring]), value: 256, smoke: 4,
      reading: { _ in .reported("CPU per read") },
      variant: Variant(
        name, shows: [],
        prepare: { try ChargedReads(count: $0.value, depth: depth, submitting: submitting) },
        report: { ["CPU per read": Counter($0.nanosecondsEach, unit: .nanoseconds)] },
        run: { $0.read() }))
  }
}

/// Blocks that are read through the page cache, in an order without pattern and each once until all
/// have been read.
private final class CachedBlocks {
  private let blocks: BlockFile
  private let file: DiskFile
  private let buffer = AlignedMemory(BlockFile.blockBytes)
  private let isDropping: Bool
  private var position = 0
  /// Of the blocks that are read.
  private let count: Int

  init(dropping: Bool) throws {
    isDropping = dropping
    blocks = try SharedBlocks.file(bytes: Storage.fileBytes)
    file = try DiskFile(blocks.path, .cached)
    count = dropping ? blocks.blocks : 1_024
    file.expectRandomReads()
    try file.dropCache()
    if !dropping { _ = read(count) }
  }

  private func next() -> Int {
    if position == count {
      position = 0
      if isDropping { checked { () throws(DiskError) in try file.dropCache() } }
    }
    defer { position += 1 }
    // Odd, so that each block of a power of two is met once.
    return position * 6_007 & (count - 1)
  }

  func read(_ reads: Int) -> Int {
    var right = 0
    for _ in 0..<reads {
      let block = next()
      checked { () throws(DiskError) in
        try file.read(buffer.bytes, at: block * BlockFile.blockBytes)
      }
      right += BlockFile.rightSectors(UnsafeRawBufferPointer(buffer.bytes), from: block)
    }
    return right
  }

  func prefetch(_ blocks: Int) -> Int {
    for _ in 0..<blocks {
      file.prefetch(from: next() * BlockFile.blockBytes, count: BlockFile.blockBytes)
    }
    return blocks
  }

  private func checked(_ body: () throws(DiskError) -> Void) {
    do throws(DiskError) { try body() } catch { fatalError("\(error)") }
  }
}

/// A cache whose blocks are all there.
private final class HitBlocks {
  private var cache: ClockCache<Int>
  private let memory: AlignedMemory
  private let blocks: Int
  private var random = Xorshift(1)

  init(blocks: Int) {
    self.blocks = blocks
    memory = AlignedMemory(blocks * BlockFile.blockBytes)
    cache = ClockCache(slots: blocks)
    for block in 0..<blocks { _ = cache.replace(with: block) }
  }

  func hit(_ count: Int) -> Int {
    var right = 0
    for _ in 0..<count {
      let block = random.below(blocks)
      guard let slot = cache.slot(of: block) else { continue }
      let bytes = memory[from: slot * BlockFile.blockBytes, count: BlockFile.blockBytes]
      // The memory is all zeros: what counts is that each sector's stamp is looked at.
      right += 1 + BlockFile.rightSectors(UnsafeRawBufferPointer(bytes), from: block)
    }
    return right
  }
}

/// Reads whose processor time is counted.
private final class ChargedReads {
  /// How reads are handed to the ring: those that there is room for by one call, also with
  /// registered buffers and file, or each by a call of its own.
  enum Submission { case together, registered, each }

  private let blocks: ProbedBlocks
  private let ring: ReadRing?
  private let count: Int
  private let submission: Submission
  private var charged: UInt64 = 0
  private var reads = 0

  init(count: Int, depth: Int?, submitting submission: Submission) throws {
    let blocks = try ProbedBlocks()
    self.blocks = blocks
    self.count = count
    self.submission = submission
    ring = try depth.map {
      try ReadRing(
        blocks.file, depth: $0, bytes: BlockFile.blockBytes,
        registered: submission == .registered)
    }
  }

  func read() -> Int {
    let before = ProcessAccounting.read().cpuNanoseconds
    var right = 0
    if let ring {
      right = blocks.read(count, through: ring, submittingEach: submission == .each)
    } else {
      for _ in 0..<count { right += blocks.readSomewhere() }
    }
    charged += ProcessAccounting.read().cpuNanoseconds - before
    reads += count
    return right
  }

  var nanosecondsEach: Double { reads > 0 ? Double(charged) / Double(reads) : 0 }
}
