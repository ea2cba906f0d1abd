import Glibc
import Synchronization
import Techniques
import Testing

struct SPSCRingTests {
  @Test(arguments: [(1, 1), (2, 2), (3, 4), (64, 64), (65, 128)])
  func capacityIsTheNextPowerOfTwo(asked: Int, given: Int) {
    #expect(SPSCRing<Int>(capacity: asked).capacity == given)
  }

  @Test func elementsLeaveInTheOrderInWhichTheyCame() {
    let ring = SPSCRing<Int>(capacity: 4)
    for round in 0..<10 {
      for offset in 0..<3 { #expect(ring.push(3 * round + offset)) }
      for offset in 0..<3 { #expect(ring.pop() == 3 * round + offset) }
    }
    #expect(ring.pop() == nil)
  }

  /// Many or few to a block, larger than a line, aligned to more than a word.
  @Test func elementsOfEverySizeLeaveInTheirOrder() {
    keepsOrder { UInt8(truncatingIfNeeded: $0) }
    keepsOrder { SIMD4<Double>(repeating: Double($0)) }
    keepsOrder { InlineWords(first: $0, last: -$0) }
    keepsOrder { "message \($0), too long to be stored without a reference" }
  }

  private func keepsOrder<Element: Equatable & Sendable>(_ element: (Int) -> Element) {
    for capacity in [1, 4, 64] {
      let ring = SPSCRing<Element>(capacity: capacity)
      var (pushed, popped) = (0, 0)
      for _ in 0..<200 {
        while ring.push(element(pushed)) { pushed += 1 }
        #expect(pushed - popped == capacity)
        for _ in 0..<(capacity + 1) / 2 {
          #expect(ring.pop() == element(popped))
          popped += 1
        }
      }
    }
  }

  private struct InlineWords: Equatable {
    let first: Int
    let between = SIMD8<Int>(repeating: 1)
    let last: Int
  }

  @Test func aFullRingRefusesAndKeepsWhatItHas() {
    let ring = SPSCRing<Int>(capacity: 2)
    #expect(ring.push(1) && ring.push(2))
    #expect(!ring.push(3))
    #expect(ring.pop() == 1 && ring.push(3))
    #expect(ring.pop() == 2 && ring.pop() == 3 && ring.pop() == nil)
  }

  @Test func elementsLeftBehindAreReleasedWithTheRing() {
    final class Witness: Sendable {}
    weak var left: Witness?
    do {
      let ring = SPSCRing<Witness>(capacity: 4)
      let witness = Witness()
      left = witness
      #expect(ring.push(witness))
    }
    #expect(left == nil)
  }

  /// Beside each element goes a plain cell, used again as soon as the ring says that it may be: a
  /// missing acquire or release, in either direction, is a data race on it.
  @Test(arguments: [1, 2, 64])
  func whatIsWrittenBeforeAPushIsSeenAfterThePop(capacity: Int) throws {
    let ring = SPSCRing<Int>(capacity: capacity)
    let pool = try ThreadPool(threads: 2)
    let wrong = Atomic<Int>(0)
    let count = 2_000
    // When `value` is about to be pushed, `value - capacity - 1` has been popped, so that the
    // cell of the one before that has been read.
    let reuse = capacity + 2
    nonisolated(unsafe) let cells = UnsafeMutablePointer<Int>.allocate(capacity: reuse)
    defer { cells.deallocate() }
    cells.initialize(repeating: 0, count: reuse)
    pool.submit {
      for value in 0..<count {
        cells[value % reuse] = -value
        while !ring.push(value) { sched_yield() }
      }
    }
    pool.submit {
      for value in 0..<count {
        var element = ring.pop()
        while element == nil {
          sched_yield()
          element = ring.pop()
        }
        if element != value || cells[value % reuse] != -value {
          wrong.add(1, ordering: .relaxed)
        }
      }
    }
    pool.drain()
    #expect(wrong.load(ordering: .relaxed) == 0)
    #expect(ring.pop() == nil)
  }
}
