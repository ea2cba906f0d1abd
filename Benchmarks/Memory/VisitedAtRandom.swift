import Harness

/// Elements in some layout that kernel calls visit in random order, each call the next stretch.
struct VisitedAtRandom<Layout: Sendable>: Sendable {
  let data: Layout
  private let order: AlignedBuffer<Int32>
  private let turns: Turns

  /// - Parameters:
  ///   - count: of the elements, a power of two.
  ///   - visits: of one kernel call, a power of two.
  ///   - data: so many elements in the layout.
  init(_ point: Point, _ count: Int, visits: Int, _ data: (_ count: Int) -> Layout) {
    self.data = data(count)
    order = VisitOrder.random(count, for: point)
    turns = Turns(count, steps: visits)
  }

  /// Calls the kernel with the places of the next stretch.
  func visit(_ kernel: (Slice<UnsafeBufferPointer<Int32>>) -> Int) -> Int {
    turns.next { turn in
      kernel(order.opaqueElements[turn * turns.length..<(turn + 1) * turns.length])
    }
  }
}
