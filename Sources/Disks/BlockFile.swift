import Glibc
import Platform

/// A file of blocks of 4 KiB for reading: each of its sectors begins with a stamp of its place, so
/// that a reader can check that it got what it asked for, and got all of it.
public final class BlockFile: Sendable {
  /// Of a block.
  public static let blockBytes = 4096
  /// Of a sector.
  public static let sectorBytes = 512
  /// Sectors of a block.
  public static let sectors = blockBytes / sectorBytes

  /// Where it lies.
  public let path: String
  /// How many there are.
  public let blocks: Int

  /// Bytes of the file.
  public var bytes: Int { blocks * Self.blockBytes }

  /// Makes the file, past the page cache where the file system can, and flushes it.
  /// - Parameter blocks: a multiple of 256, so that it is written by the mebibyte.
  /// - Throws: where there is no space or the folder can't be written.
  public init(_ path: String, blocks: Int) throws(DiskError) {
    precondition(blocks % 256 == 0, "written by the mebibyte")
    self.path = path
    self.blocks = blocks
    let file: DiskFile
    do { file = try DiskFile(path, .direct, creating: true) } catch {
      guard case .system(let error) = error, error.errno == EINVAL else { throw error }
      file = try DiskFile(path, .cached, creating: true)
    }
    try file.reserve(bytes)
    let memory = AlignedMemory(1 << 20)
    let words = memory.bytes.bindMemory(to: UInt64.self)
    // Not zeros: some disks and file systems store those without storing anything.
    var state: UInt64 = 0x2545_f491_4f6c_dd1d
    for index in words.indices {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      words[index] = state
    }
    for start in stride(from: 0, to: bytes, by: 1 << 20) {
      for sector in 0..<(1 << 20) / Self.sectorBytes {
        words[sector * Self.sectorBytes / 8] = Self.stamp(start / Self.sectorBytes + sector)
      }
      try file.write(UnsafeRawBufferPointer(memory.bytes), at: start)
    }
    try file.flushAll()
    try file.dropCache()
  }

  /// A file that was made before.
  init(existing path: String, blocks: Int) { (self.path, self.blocks) = (path, blocks) }

  /// Of the sector with this number in the file.
  @inline(__always)
  static func stamp(_ sector: Int) -> UInt64 {
    UInt64(truncatingIfNeeded: sector + 1) &* 0x9e37_79b9_7f4a_7c15
  }

  /// How many of the sectors in `bytes` have their stamps, of those that begin with `block`.
  @inline(__always)
  public static func rightSectors(_ bytes: UnsafeRawBufferPointer, from block: Int) -> Int {
    var right = 0
    for sector in 0..<bytes.count / sectorBytes {
      let found = bytes.loadUnaligned(fromByteOffset: sector * sectorBytes, as: UInt64.self)
      if found == stamp(block * sectors + sector) { right += 1 }
    }
    return right
  }
}
