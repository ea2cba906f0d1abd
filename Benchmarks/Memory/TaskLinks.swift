import Harness

/// Tasks that each name their predecessor, in one random cycle.
struct TaskLinks: Sendable {
  /// Visits of all tasks in one kernel call.
  static let calls = 512

  private let previous: AlignedBuffer<Int>

  init(_ point: Point) {
    var generator = point.generator()
    let order = Array(0..<point.value).shuffled(using: &generator)
    var previous = order
    for (place, task) in order.enumerated() {
      previous[task] = order[(place + order.count - 1) % order.count]
    }
    self.previous = AlignedBuffer(count: point.value) { previous[$0] }
  }

  var count: Int { previous.count }

  @inline(__always)
  func sum(_ visit: (Span<Int>) -> Int) -> Int {
    var sum = 0
    for _ in 0..<Self.calls { sum &+= visit(previous.opaqueElements.span) }
    return sum
  }
}
