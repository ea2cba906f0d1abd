import Glibc
import Platform
import Testing

@testable import Disks

struct BlockFileTests {
  @Test func eachSectorCarriesItsPlace() throws {
    let folder = try testFolder()
    let blocks = try BlockFile(folder.file("blocks"), blocks: 512)
    let file = try DiskFile(blocks.path, .cached)
    let memory = AlignedMemory(8192)
    for block in [0, 1, 255, 256, 510] {
      try file.read(memory.bytes, at: block * 4096)
      let bytes = UnsafeRawBufferPointer(memory.bytes)
      #expect(BlockFile.rightSectors(bytes, from: block) == 16)
      // Of a block that was not asked for, none.
      #expect(BlockFile.rightSectors(bytes, from: block + 1) == 0)
    }
    memory.bytes[512] ^= 1
    #expect(BlockFile.rightSectors(UnsafeRawBufferPointer(memory.bytes), from: 510) == 15)
  }

  @Test func beyondItsEndAReadIsShort() throws {
    let folder = try testFolder()
    let blocks = try BlockFile(folder.file("blocks"), blocks: 256)
    let file = try DiskFile(blocks.path, .cached)
    let memory = AlignedMemory(8192)
    let end = blocks.bytes - 4096
    let expected = DiskError.short(path: blocks.path, offset: end, wanted: 8192, got: 4096)
    #expect(throws: expected) { try file.read(memory.bytes, at: end) }
    #expect("\(expected)" == "\(blocks.path): 4096 of 8192 bytes at \(end)")
  }

  @Test func whatIsDroppedIsNotInThePageCache() throws {
    let folder = try testFolder()
    let blocks = try BlockFile(folder.file("blocks"), blocks: 256)
    let file = try DiskFile(blocks.path, .cached)
    file.expectRandomReads()
    let memory = AlignedMemory(4096)
    if folder.fileSystem.isInMemory { return }
    #expect(try file.cachedPages(from: 0, count: blocks.bytes) == 0)
    for block in [3, 77, 200] { try file.read(memory.bytes, at: block * 4096) }
    #expect(try file.cachedPages(from: 0, count: blocks.bytes) == 3)
    try file.dropCache(from: 77 * 4096, count: 4096)
    #expect(try file.cachedPages(from: 77 * 4096, count: 4096) == 0)
    #expect(try file.cachedPages(from: 0, count: blocks.bytes) == 2)
  }
}
