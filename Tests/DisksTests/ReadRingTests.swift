import Glibc
import Platform
import Testing

@testable import Disks

@Suite(.enabled(if: hasDisk && hasRing))
struct ReadRingTests {
  @Test(arguments: [(1, false), (7, false), (128, false), (32, true)])
  func allReadsComeBackRight(depth: Int, registered: Bool) throws {
    let folder = try testFolder()
    let blocks = try BlockFile(folder.file("blocks"), blocks: 1024)
    let file = try DiskFile(blocks.path, .direct)
    let ring = try ReadRing(file, depth: depth, bytes: 4096, registered: registered)
    var (next, right) = (0, 0)
    var seen = Set<Int>()
    while seen.count < 1024 {
      while ring.hasRoom, next < 1024 {
        let block = next * 389 % 1024
        ring.queue(block, at: block * 4096)
        next += 1
      }
      try ring.wait(for: 1) { read in
        #expect(seen.insert(read.tag).inserted)
        right += BlockFile.rightSectors(read.bytes, from: read.tag)
      }
    }
    #expect(right == 8 * 1024 && ring.outstanding == 0 && ring.isRegistered == registered)
  }

  @Test func aShortReadAndAnErrorAreTyped() throws {
    let folder = try testFolder()
    let blocks = try BlockFile(folder.file("blocks"), blocks: 256)
    let file = try DiskFile(blocks.path, .direct)
    let ring = try ReadRing(file, depth: 4, bytes: 8192)
    let end = blocks.bytes - 4096
    var right = 0
    ring.queue(0, at: 0)
    ring.queue(255, at: end)
    let expected = DiskError.short(path: blocks.path, offset: end, wanted: 8192, got: 4096)
    #expect(throws: expected) {
      try ring.wait(for: 2) { right += BlockFile.rightSectors($0.bytes, from: $0.tag) }
    }
    #expect(right == 16)
    // Not at a sector's beginning.
    ring.queue(0, at: 100)
    #expect(throws: DiskError.system(SystemError(call: "read \(blocks.path)", errno: EINVAL))) {
      try ring.wait(for: 1) { _ in }
    }
    // The ring goes on.
    ring.queue(2, at: 8192)
    try ring.wait(for: 1) { right += BlockFile.rightSectors($0.bytes, from: $0.tag) }
    #expect(right == 32)
  }

  @Test func aRingMayGoWhileReadsAreInFlight() throws {
    let folder = try testFolder()
    let blocks = try BlockFile(folder.file("blocks"), blocks: 256)
    let file = try DiskFile(blocks.path, .direct)
    for _ in 0..<20 {
      let ring = try ReadRing(file, depth: 16, bytes: 4096)
      for block in 0..<16 { ring.queue(block, at: block * 4096) }
      try ring.wait(for: 0) { _ in }
    }
  }
}
