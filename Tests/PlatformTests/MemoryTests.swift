import Testing

@testable import Platform

@Suite struct MemoryTests {
  @Test(arguments: [PagePolicy.system, .small, .transparentHuge])
  func aMappingIsZeroedAndWritable(_ pages: PagePolicy) throws {
    let memory = try MappedMemory(byteCount: 3 << 20, pages: pages)
    #expect(memory.byteCount == 3 << 20)
    let last = (3 << 20) - 1
    #expect(memory.start.load(fromByteOffset: last, as: UInt8.self) == 0)
    memory.start.storeBytes(of: 7, toByteOffset: last, as: UInt8.self)
    if pages == .transparentHuge {
      #expect(Int(bitPattern: memory.start) % MappedMemory.hugePageBytes == 0)
    }
    if pages == .small, let huge = memory.hugeBytes() { #expect(huge == 0) }
  }

  @Test func tooMuchIsRefusedWithTheErrno() {
    #expect(throws: SystemError(call: "mmap of \(1 << 62) bytes", errno: 12)) {
      _ = try MappedMemory(byteCount: 1 << 62)
    }
  }

  @Test(arguments: [100, 3 << 20])
  func pagesMadeBeforehandKeepWhatTheyHold(bytes: Int) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 16)
    defer { memory.deallocate() }
    for index in memory.indices { memory[index] = UInt8(truncatingIfNeeded: index) }
    MappedMemory.populate(UnsafeMutableRawBufferPointer(rebasing: memory[1...]))
    #expect(memory.indices.allSatisfy { memory[$0] == UInt8(truncatingIfNeeded: $0) })
  }

  @Test func pagesGivenBackReadAsZeros() throws {
    let memory = try MappedMemory(byteCount: 4096)
    memory.start.storeBytes(of: 7, as: UInt8.self)
    try memory.advise(.dontNeed)
    #expect(memory.start.load(as: UInt8.self) == 0)
  }

  @Test func aNodeThatDoesNotExistIsRefused() {
    #expect(throws: SystemError.self) {
      _ = try MappedMemory(byteCount: 4096, policy: .bind([63]))
    }
    for node in [-1, 64, 1 << 40] {
      #expect(throws: SystemError(call: "mbind to node \(node)", errno: 22)) {
        _ = try MappedMemory(byteCount: 4096, policy: .prefer(node))
      }
    }
  }

  @Test func touchedPagesAreWhereTheyWereBoundAndOthersNowhere() throws {
    guard let node = NUMA.nodes.first else { return }
    for policy in [MemoryPolicy.bind([node]), .interleave([node]), .prefer(node)] {
      let memory = try MappedMemory(byteCount: 2 * 4096, pages: .small, policy: policy)
      memory.start.storeBytes(of: 1, as: UInt8.self)
      let nodes = try memory.nodes()
      #expect(nodes.first == node)
      if nodes.count > 1 { #expect(nodes[1] == nil) }
    }
  }

  @Test func hugeBytesAreSummedOverTheMappingsOfARange() {
    let smaps = Array(
      """
      1000-3000 rw-p 00000000 00:00 0 [heap]
      Rss:                   4 kB
      AnonHugePages:      2048 kB
      VmFlags: rd wr
      3000-5000 rw-p 00000000 00:00 0
      AnonHugePages:      4096 kB
      5000-6000 rw-p 00000000 00:00 0
      AnonHugePages:         8 kB
      """.utf8)
    #expect(MemoryMaps.anonymousHugeBytes(in: 0x1000..<0x2000, smaps: smaps) == 2048 << 10)
    #expect(MemoryMaps.anonymousHugeBytes(in: 0x2fff..<0x5000, smaps: smaps) == 6144 << 10)
    #expect(MemoryMaps.anonymousHugeBytes(in: 0x6000..<0x7000, smaps: smaps) == 0)
    #expect(MemoryMaps.anonymousHugeBytes(in: 0..<0x9000, smaps: [0xff, 10, 45]) == 0)
  }

  @Test func theClockHasACostAndNeverGoesBack() {
    let cost = Clock.cost()
    #expect(cost.nanosecondsPerRead > 0)
    #expect(cost.smallestStepNanoseconds != 0)
    let first = Clock.now()
    #expect(Clock.now() >= first)
  }
}
