import Disks
import Glibc
import Harness
import Platform
import Results

/// The disk under the scratch folder, one request at a time.
enum Storage {
  static let group = "Storage"
  /// Of the file that is read.
  static let fileBytes = 64 << 20
  /// Of scratch space.
  static let space: [Requirement] = [.disk(bytes: 80 << 20)]

  static let probes = [
    repeated(
      "fsync.4k", group: group, title: "Durable write of 4 KiB (fsync)",
      method: "4 KiB appended to a file in the scratch folder, and fsync", needs: space, count: 1,
      smoke: 1, prepare: { _ in try FlushedFile() },
      run: { file, count in
        for _ in 0..<count { file.append() }
        return count
      }),
    repeated(
      "write.cached.4k", group: group, title: "Write of 4 KiB to the page cache",
      method: "the same place of a file written again and again, without a flush", needs: space,
      count: 16, smoke: 1, prepare: { _ in try FlushedFile() },
      run: { file, count in
        for _ in 0..<count { file.overwrite() }
        return count
      }),
    Probe(
      "read.sequential", group: group, title: "Sequential read", unit: .bytesPerSecond,
      method: "1 MiB direct reads (O_DIRECT) of a 64 MiB file", needs: space, value: 1 << 20,
      smoke: 1 << 20, reading: { .rate(Double($0)) },
      variant: Variant(
        "read.sequential", shows: [], prepare: { try ProbedBlocks(bytes: $0.value) },
        run: { $0.readOn() })),
    repeated(
      "read.random.4k", group: group, title: "Random read of 4 KiB",
      method: "4 KiB direct reads (O_DIRECT) at random offsets in 64 MiB", needs: space, count: 1,
      smoke: 1, prepare: { _ in try ProbedBlocks() }, run: { reads, _ in reads.readSomewhere() }),
    repeated(
      "read.again.4k", group: group, title: "The same block read again",
      method: "direct reads of one block over and over: where they are much faster than at random "
        + "places, the device or its host keeps a cache", needs: space, count: 1, smoke: 1,
      prepare: { _ in try ProbedBlocks() }, run: { reads, _ in reads.read(0) }),
  ]

  static let derived = [
    DerivedNumber(
      "read.further.4k", group: group, title: "4 KiB more in one read",
      method: "a direct read of 1 MiB less one of 4 KiB, for each further 4 KiB",
      from: ["read.sequential", "read.random.4k"],
      compute: { max(0, Double(1 << 20) / $0[0] * 1e9 - $0[1]) / 255 })
  ]
}

/// A file of blocks that probes read past the page cache.
final class ProbedBlocks {
  let blocks: BlockFile
  let file: DiskFile
  private let buffer: AlignedMemory
  private var position = 0
  private var random = Xorshift(1)

  /// - Parameter bytes: of a read.
  init(bytes: Int = BlockFile.blockBytes, _ access: DiskFile.Access = .direct) throws {
    blocks = try SharedBlocks.file(bytes: Storage.fileBytes)
    file = try DiskFile(blocks.path, access)
    buffer = AlignedMemory(bytes)
  }

  /// A block at random.
  func next() -> Int { random.below(blocks.blocks) }

  func readSomewhere() -> Int { read(next()) }

  /// The next piece of the file, from its beginning again after the last.
  func readOn() -> Int {
    if position + buffer.bytes.count > blocks.bytes { position = 0 }
    defer { position += buffer.bytes.count }
    return read(position / BlockFile.blockBytes)
  }

  func read(_ block: Int) -> Int {
    do { try file.read(buffer.bytes, at: block * BlockFile.blockBytes) } catch {
      fatalError("\(error)")
    }
    return BlockFile.rightSectors(UnsafeRawBufferPointer(buffer.bytes), from: block)
  }
}

extension ProbedBlocks {
  /// Blocks at random through a ring, refilled as they come back.
  /// - Parameter submittingEach: by a system call of its own.
  func read(_ count: Int, through ring: ReadRing, submittingEach: Bool = false) -> Int {
    var (right, queued) = (0, 0)
    func take(_ least: Int) {
      checked { () throws(DiskError) in
        try ring.wait(for: least) { right += BlockFile.rightSectors($0.bytes, from: $0.tag) }
      }
    }
    while queued < count || ring.outstanding > 0 {
      while queued < count, ring.hasRoom {
        let block = next()
        ring.queue(block, at: block * BlockFile.blockBytes)
        queued += 1
        if submittingEach { take(0) }
      }
      take(1)
    }
    return right
  }
}

/// A small file that is written and flushed.
final class FlushedFile {
  private let folder: ScratchFolder
  private let file: DiskFile
  private let buffer = AlignedMemory(4096)
  private var end = 0

  init() throws {
    folder = try ScratchFolder(bytes: 1 << 20)
    file = try DiskFile(folder.file("flushed"), .cached, creating: true)
    memset(buffer.bytes.baseAddress!, 1, 4096)
    append()
  }

  /// The file grows, so that its own data always has to be made durable too.
  func append() {
    checked { () throws(DiskError) in
      try file.write(UnsafeRawBufferPointer(buffer.bytes), at: end)
      try file.flushAll()
    }
    end += 4096
  }

  func overwrite() {
    checked { () throws(DiskError) in
      try file.write(UnsafeRawBufferPointer(buffer.bytes), at: 0)
    }
  }

}

/// A file of 8 MiB whose pages are written in place: it does not grow, so that a flush concerns the
/// data alone.
final class FlushedPages: Sendable {
  private static let bytes = 8 << 20
  private let folder: ScratchFolder
  private let file: DiskFile
  private let page = AlignedMemory(4096)

  init() throws {
    folder = try ScratchFolder(bytes: Self.bytes)
    file = try DiskFile(folder.file("pages"), .cached, creating: true)
    memset(page.bytes.baseAddress!, 1, 4096)
    let all = AlignedMemory(Self.bytes)
    memset(all.bytes.baseAddress!, 2, Self.bytes)
    try file.write(UnsafeRawBufferPointer(all.bytes), at: 0)
    try file.flushAll()
  }

  func overwriteAndFlush(page number: Int) {
    checked { () throws(DiskError) in
      try file.write(UnsafeRawBufferPointer(page.bytes), at: number * 4096)
      try file.flush()
    }
  }

  func scatterAndFlush(_ count: Int) -> Int {
    checked { () throws(DiskError) in
      for number in 0..<count {
        // Odd, so that no page is written twice.
        try file.write(UnsafeRawBufferPointer(page.bytes), at: (number * 1_237 & 2_047) * 4096)
      }
      try file.flush()
    }
    return count
  }
}

private func checked(_ body: () throws(DiskError) -> Void) {
  do throws(DiskError) { try body() } catch { fatalError("\(error)") }
}
