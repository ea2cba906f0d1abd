import Glibc
import Synchronization
import Testing

@testable import Techniques

@Suite struct MagazinePoolTests {
  @Test func handsOutTheSlotReturnedLast() {
    let pool = MagazinePool<Record>()
    var cache = pool.makeCache()
    let first = cache.take()
    cache.giveBack(first)
    let second = cache.take()
    #expect(first == second)
    cache.giveBack(second)
  }

  @Test func slotsReturnedElsewhereAreHandedOutAgain() {
    let pool = MagazinePool<Record>()
    var maker = pool.makeCache()
    var user = pool.makeCache()
    var slots = (0..<1_000).map { _ in maker.take() }
    // A few magazines more, and no chunk.
    let limit = pool.reservedBytes + MagazinePool<Record>.layout.chunkBytes
    for _ in 0..<10 {
      for slot in slots { user.giveBack(slot) }
      user.flush()
      slots = (0..<1_000).map { _ in maker.take() }
      #expect(Set(slots).count == slots.count)
    }
    #expect(pool.reservedBytes < limit)
    for slot in slots { maker.giveBack(slot) }
  }

  @Test func shortCachesLeaveNoMoreMagazinesThanTheirSlotsFill() {
    let pool = MagazinePool<Record>()
    var maker = pool.makeCache()
    let (count, capacity) = (10_000, Magazine.capacity)
    let slots = (0..<count).map { _ in maker.take() }
    let before = pool.reservedBytes
    for slot in slots {
      var cache = pool.makeCache()
      cache.giveBack(slot)
    }
    let again = (0..<count).map { _ in maker.take() }
    #expect(Set(again).count == count)
    // And those of a short cache.
    #expect(pool.reservedBytes - before <= (count / capacity + 4) * Magazine.bytes)
    for slot in again { maker.giveBack(slot) }
  }

  /// Small and large ones; those without a size as well.
  @Test func slotsDoNotOverlapAndAreAligned() {
    func expectApart<T>(_: T.Type, count: Int) {
      let pool = MagazinePool<T>()
      var cache = pool.makeCache()
      let slots = (0..<count).map { _ in cache.take() }
      let places = slots.map { UInt(bitPattern: $0) }.sorted()
      #expect(places.allSatisfy { $0 % UInt(MemoryLayout<T>.alignment) == 0 })
      let apart = zip(places, places.dropFirst()).allSatisfy {
        $1 - $0 >= max(1, MemoryLayout<T>.size)
      }
      #expect(apart)
      for slot in slots { cache.giveBack(slot) }
    }
    expectApart(Void.self, count: 10_000)
    expectApart(UInt8.self, count: 10_000)
    expectApart(SIMD16<Float>.self, count: 2_000)
    expectApart(InlineArray<4_097, UInt8>.self, count: 40)
    expectApart(InlineArray<100_003, UInt8>.self, count: 40)
  }

  @Test func aCacheKeepsTwoMagazinesAndHandsOnTheRest() {
    let pool = MagazinePool<Record>()
    var cache = pool.makeCache()
    var other = pool.makeCache()
    let slots = (0..<10 * Magazine.capacity).map { _ in cache.take() }
    for slot in slots { cache.giveBack(slot) }
    let reserved = pool.reservedBytes
    let handedOn = (0..<8 * Magazine.capacity).map { _ in other.take() }
    #expect(pool.reservedBytes == reserved)
    for slot in handedOn { other.giveBack(slot) }
  }

  @Test func theNextCacheTakesOverWhatAnEndedOneHad() {
    let pool = MagazinePool<Record>()
    func useAndEnd() -> Int {
      var cache = pool.makeCache()
      let slots = (0..<2_000).map { _ in cache.take() }
      for slot in slots { cache.giveBack(slot) }
      return pool.reservedBytes
    }
    let first = useAndEnd()
    // The next one begins with two empty magazines of its own.
    for _ in 0..<10 { #expect(useAndEnd() <= first + 2 * Magazine.bytes) }
  }

  @Test func aSlotOfACacheThatHasEndedIsHandedOutAgain() {
    let pool = MagazinePool<Record>()
    var user = pool.makeCache()
    func takeAndEnd() -> UnsafeMutablePointer<Record> {
      var cache = pool.makeCache()
      return cache.take()
    }
    let slot = takeAndEnd()
    user.giveBack(slot)
    user.flush()
    #expect(takeAndEnd() == slot)
    user.giveBack(slot)
  }

  /// Every thread takes, hands on through a shared box, checks what it gets and returns it, with
  /// caches that end on the way. Run under ThreadSanitizer too.
  @Test func slotsOfManyThreadsAreNeverSharedNorLost() {
    let pool = MagazinePool<Record>()
    let boxes = (0..<4).map { _ in Box() }
    let threads = 4
    let rounds = 20_000
    onThreads(threads) { thread in
      var random = UInt64(thread) &* 0x9E37_79B9_7F4A_7C15 | 1
      for chapter in 0..<4 {
        var cache = pool.makeCache()
        for round in 0..<(rounds / 4) {
          random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          let slot = cache.take()
          slot.initialize(to: Record(key: thread << 32 | chapter << 24 | round))
          slot.pointee.payload.6 = ~slot.pointee.key
          let box = boxes[Int(random >> 40) % boxes.count]
          guard let other = box.swap(slot) else { continue }
          precondition(other.pointee.payload.6 == ~other.pointee.key, "a slot is shared")
          other.deinitialize(count: 1)
          cache.giveBack(other)
        }
      }
    }
    var cache = pool.makeCache()
    for box in boxes { if let slot = box.swap(nil) { cache.giveBack(slot) } }
    // Four boxes, and two magazines a thread: far below one chunk a thread.
    #expect(pool.reservedBytes <= (threads + 1) * MagazinePool<Record>.layout.chunkBytes)
  }

  /// Nothing goes back from the user to the maker but the slots: what a depot does
  /// without its lock is a data race on what is in them.
  @Test func whatAUserWroteIsSeenByTheMakerWhoTakesTheSlotAgain() {
    let pool = MagazinePool<Record>()
    let count = 400
    let made = Atomic<Int>(0)
    let returned = Atomic<Int>(0)
    nonisolated(unsafe) let slots = UnsafeMutablePointer<UnsafeMutablePointer<Record>>
      .allocate(capacity: count)
    defer { slots.deallocate() }
    onThreads(2) { thread in
      var cache = pool.makeCache()
      for turn in 0..<count {
        if thread == 0 {
          // Relaxed: it only keeps the maker from running ahead.
          while returned.load(ordering: .relaxed) < turn - 4 { sched_yield() }
          slots[turn] = cache.take()
          slots[turn].initialize(to: Record(key: 0))
          // Written by itself: the sanitiser does not see into the standard library's `initialize`.
          slots[turn].pointee.key = turn
          made.store(turn + 1, ordering: .releasing)
        } else {
          while made.load(ordering: .acquiring) <= turn { sched_yield() }
          slots[turn].pointee.key = -turn
          cache.giveBack(slots[turn])
          cache.flush()
          returned.store(turn + 1, ordering: .relaxed)
        }
      }
    }
  }

  #if DEBUG
    @Test func aDoubleReturnIsFatal() async {
      let end = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) {
        let pool = MagazinePool<Record>()
        var cache = pool.makeCache()
        let slot = cache.take()
        cache.giveBack(slot)
        cache.giveBack(slot)
      }
      #expect(said("double return", by: end))
    }

    @Test func aDoubleReturnByAnotherCacheIsFatal() async {
      let end = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) {
        let pool = MagazinePool<Record>()
        var cache = pool.makeCache()
        var other = pool.makeCache()
        let slot = cache.take()
        other.giveBack(slot)
        cache.giveBack(slot)
      }
      #expect(said("double return", by: end))
    }

    @Test func aForeignReturnIsFatal() async {
      let end = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) {
        let pool = MagazinePool<Record>()
        let otherPool = MagazinePool<Record>()
        var cache = pool.makeCache()
        var other = otherPool.makeCache()
        cache.giveBack(other.take())
      }
      #expect(said("is not a slot of this pool", by: end))
    }

    @Test func aReturnFromTheMiddleOfASlotIsFatal() async {
      let end = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) {
        let pool = MagazinePool<Record>()
        var cache = pool.makeCache()
        let slot = UnsafeMutableRawPointer(cache.take()) + 8
        cache.giveBack(slot.assumingMemoryBound(to: Record.self))
      }
      #expect(said("lies inside a slot", by: end))
    }

    @Test func goingWhileSlotsAreOutIsFatal() async {
      let end = await #expect(
        processExitsWith: .failure, observing: [\.standardErrorContent]
      ) {
        let pool = MagazinePool<Record>()
        var cache = pool.makeCache()
        _ = cache.take()
      }
      #expect(said("the pool goes while", by: end))
    }
  #endif
}

/// Holds one slot; whoever puts one in gets the one that was there.
private final class Box: @unchecked Sendable {
  // SAFETY (@unchecked): the only member is atomic.
  private let slot = Atomic<UnsafeMutablePointer<Record>?>(nil)

  func swap(_ new: UnsafeMutablePointer<Record>?) -> UnsafeMutablePointer<Record>? {
    slot.exchange(new, ordering: .acquiringAndReleasing)
  }
}
