import Harness

/// A random cycle through the cache lines of a table, which each kernel call follows from the place
/// where the last one ended, so that it finds nothing of that call in the caches.
final class LineCycle: @unchecked Sendable {
  // SAFETY (@unchecked): only the thread that calls the kernel begins.

  /// One cache line of the table.
  struct Line {
    var next: UInt32
    var tag: UInt32
    var rest: (Int, Int, Int, Int, Int, Int, Int) = (0, 0, 0, 0, 0, 0, 0)
  }

  /// Lines visited in one kernel call.
  static let visits = 16_384
  /// Each such stretch of the cycle has the same sum, so that every call has the same result.
  private static let period = 512

  let lines: AlignedBuffer<Line>
  /// The chains that a kernel follows at once.
  let chains: Int
  /// The lines in the order of the cycle, to begin at any place of it.
  private let order: [UInt32]
  /// The period at which the next call begins.
  private var turn = 0

  /// - Precondition: `bytes` is a power of two, of at least `visits` lines.
  init(_ point: Point, bytes: Int, chains: Int) {
    let count = bytes / MemoryLayout<Line>.stride
    let cycle = VisitCycle(count, for: point)
    var order = [UInt32](repeating: 0, count: count)
    var tags = [UInt32](repeating: 0, count: Self.period)
    var line = 0
    for place in 0..<count {
      line = cycle.successor(line)
      order[place] = UInt32(line)
      // Where in its period a line is follows from its lowest bits.
      if place < Self.period { tags[line % Self.period] = UInt32(place) }
    }
    self.order = order
    self.chains = chains
    lines = AlignedBuffer(count: count) {
      Line(next: UInt32(truncatingIfNeeded: cycle.successor($0)), tag: tags[$0 % Self.period])
    }
  }

  /// Where this call's chains begin, each to be followed for `visits / chains` lines.
  ///
  /// They begin a step more than equally far apart: lines that are a period apart on the cycle map
  /// to the same set of a cache, which would limit how many of them can be in flight.
  @inline(never)
  func begin(_ chains: Int) -> [UInt32] {
    let (visits, period) = (Self.visits, Self.period)
    defer { turn = (turn + visits / period) % (order.count / period) }
    return (0..<chains).map { order[(turn * period + $0 * (visits / chains + 1)) % order.count] }
  }
}
