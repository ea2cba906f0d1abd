import Testing

@testable import Techniques

@Suite struct ArenaTests {
  @Test func valuesDoNotOverlapAndAreAligned() {
    let arena = Arena(firstChunk: 64)
    var ends: [UInt] = []
    for round in 0..<500 {
      let byte = arena.allocate(UInt8.self)
      byte.pointee = UInt8(truncatingIfNeeded: round)
      let vector = arena.allocate(SIMD8<Int64>.self)
      vector.pointee = SIMD8(repeating: Int64(round))
      #expect(Int(bitPattern: vector) % MemoryLayout<SIMD8<Int64>>.alignment == 0)
      #expect(byte.pointee == UInt8(truncatingIfNeeded: round))
      ends.append(UInt(bitPattern: vector))
    }
    #expect(Set(ends).count == 500)
  }

  @Test func aBoxGivesItsValueToReadAndWrite() {
    let arena = Arena()
    let box = arena.make(41)
    box.value += 1
    #expect(box.value == 42)
  }

  @Test func aBoxEndsItsValue() {
    final class Witness {}
    weak var witness: Witness?
    var arena = Arena()
    do {
      let strong = Witness()
      witness = strong
      let box = arena.make(strong)
      #expect(box.value === strong)
    }
    #expect(witness == nil)
    arena.reset()
  }

  @Test func aSpanIsInitialisedAndHoldsWhatIsWritten() {
    let arena = Arena(firstChunk: 8)
    var span = arena.span(repeating: 7, count: 1_000)
    span[999] = 8
    let (first, last) = (span[0], span[999])
    #expect(first == 7)
    #expect(last == 8)
    let empty = arena.span(repeating: 0, count: 0)
    let isEmpty = empty.isEmpty
    #expect(isEmpty)
  }

  @Test func resetKeepsTheMemoryAndHandsItOutAgain() {
    var arena = Arena(firstChunk: 4096)
    let before = UInt(bitPattern: arena.allocate(Int.self))
    arena.reset()
    let after = UInt(bitPattern: arena.allocate(Int.self))
    #expect(before == after)
    #expect(arena.reservedBytes == 4096)
  }

  @Test func aSteadyLoadAsksTheAllocatorNoMoreAfterItsSecondRound() {
    var arena = Arena(firstChunk: 64)
    var reserved: [Int] = []
    for _ in 0..<6 {
      for _ in 0..<1_000 { _ = arena.allocate(Int.self) }
      reserved.append(arena.reservedBytes)
      arena.reset()
    }
    #expect(Set(reserved.dropFirst()).count == 1)
  }

  @Test func anArenaThatIsNotUsedReservesNothing() {
    var arena = Arena()
    #expect(arena.reservedBytes == 0)
    arena.reset()
    #expect(arena.reservedBytes == 0)
  }

  @Test func requestsLargerThanAChunkAreServed() {
    let arena = Arena(firstChunk: 16)
    let large = arena.allocate(UInt8.self, count: 100_000)
    large[99_999] = 1
    let next = arena.allocate(UInt8.self)
    #expect(next != large + 99_999)
  }
}
