import Techniques
import Testing

struct RingTests {
  @Test func elementsLeaveInTheOrderInWhichTheyCame() {
    var ring = Ring<Int>(capacity: 2)
    var next = 0
    for value in 0..<100 {
      ring.append(value)
      if value % 3 == 2 {
        #expect(ring.popFirst() == next)
        next += 1
      }
    }
    while let value = ring.popFirst() {
      #expect(value == next)
      next += 1
    }
    #expect(next == 100 && ring.count == 0)
  }

  @Test func aRemovedElementIsNotKeptAlive() {
    final class Witness {}
    weak var removed: Witness?
    var ring = Ring<Witness>()
    do {
      let witness = Witness()
      removed = witness
      ring.append(witness)
    }
    #expect(removed != nil)
    _ = ring.popFirst()
    #expect(removed == nil)
  }
}
