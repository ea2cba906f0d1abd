import Testing

@testable import Techniques

struct Record: Equatable {
  var key: Int
  var payload: (Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0)
  static func == (a: Record, b: Record) -> Bool { a.key == b.key }
}

@Suite struct SlotPoolTests {
  @Test func handsOutTheSlotReturnedLast() {
    var pool = SlotPool<Record>()
    let first = pool.take()
    let second = pool.take()
    pool.giveBack(first)
    pool.giveBack(second)
    let third = pool.take()
    let fourth = pool.take()
    #expect(third == second)
    #expect(fourth == first)
    pool.giveBack(third)
    pool.giveBack(fourth)
  }

  @Test func slotsDoNotOverlapAndAreAligned() {
    var pool = SlotPool<Record>(slotsPerChunk: 3)
    let slots = (0..<1_000).map { key in
      let slot = pool.take()
      slot.initialize(to: Record(key: key))
      return slot
    }
    #expect(Set(slots).count == 1_000)
    for (key, slot) in slots.enumerated() {
      #expect(slot.pointee.key == key)
      #expect(UInt(bitPattern: slot) % 8 == 0)
      pool.giveBack(slot)
    }
  }

  @Test func aTypeSmallerThanAPointerGetsASlotOfAPointer() {
    #expect(SlotPool<UInt8>.stride == 8)
    #expect(SlotPool<SIMD8<Int32>>.stride == 32)
    #expect(SlotPool<(Int, UInt8)>.stride == 16)
  }

  @Test func aPoolThatIsNotUsedReservesNothing() {
    let pool = SlotPool<Record>()
    #expect(pool.reservedBytes == 0)
  }

  @Test func churnReservesNoMoreThanTheMostSlotsOutAtOnce() {
    var pool = SlotPool<Record>(slotsPerChunk: 64)
    for _ in 0..<10_000 { pool.giveBack(pool.take()) }
    #expect(pool.reservedBytes == 64 * SlotPool<Record>.stride)
  }

  @Test func aPoolThatMovesKeepsItsSlots() {
    var home = SlotPool<Record>(slotsPerChunk: 2)
    let slots = (0..<5).map { _ in home.take() }
    var moved = SlotPool<Record>()
    swap(&moved, &home)
    for slot in slots { moved.giveBack(slot) }
    let again = (0..<5).map { _ in moved.take() }
    #expect(Set(again) == Set(slots))
    #expect(home.reservedBytes == 0)
    for slot in again { moved.giveBack(slot) }
  }

  @Test func holdsTypesThatCannotBeCopied() {
    struct Token: ~Copyable { var value: Int }
    var pool = SlotPool<Token>()
    let slot = pool.take()
    slot.initialize(to: Token(value: 5))
    #expect(slot.pointee.value == 5)
    slot.deinitialize(count: 1)
    pool.giveBack(slot)
  }

  #if DEBUG
    @Test func aDoubleReturnIsFatal() async {
      let end = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) {
        var pool = SlotPool<Record>()
        let slot = pool.take()
        pool.giveBack(slot)
        pool.giveBack(slot)
      }
      #expect(said("double return", by: end))
    }

    @Test func aReturnToAnotherPoolIsFatal() async {
      let end = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) {
        var pool = SlotPool<Record>()
        var other = SlotPool<Record>()
        other.giveBack(other.take())
        other.giveBack(pool.take())
      }
      #expect(said("is not a slot of this pool", by: end))
    }

    @Test func aReturnFromTheMiddleOfASlotIsFatal() async {
      let end = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) {
        var pool = SlotPool<Record>()
        let slot = UnsafeMutableRawPointer(pool.take()) + 8
        pool.giveBack(slot.assumingMemoryBound(to: Record.self))
      }
      #expect(said("lies inside a slot", by: end))
    }

    @Test func goingWhileSlotsAreOutIsFatal() async {
      let end = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) {
        var pool = SlotPool<Record>()
        _ = pool.take()
      }
      #expect(said("slots are out", by: end))
    }
  #endif
}
