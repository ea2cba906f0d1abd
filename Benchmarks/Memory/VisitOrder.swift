import Harness

/// One cycle through every index below a power of two, in an order that no prefetcher follows.
///
/// A linear congruential generator of full period (Hull and Dobell, 1962: multiplier 1 modulo 4,
/// odd increment). An index determines its successor, so that a cycle of links is written in the
/// order of memory. Its lowest k bits repeat every 2ᵏ steps.
struct VisitCycle {
  private let multiplier: Int
  private let increment: Int
  private let mask: Int

  /// - Precondition: `count` is a power of two of at most 2³¹.
  init(_ count: Int, for point: Point) {
    precondition(count > 0 && count & (count - 1) == 0 && count <= 1 << 31)
    var generator = point.generator()
    multiplier = Int(generator.next() % (1 << 31)) / 4 * 4 + 1
    increment = Int(generator.next() % (1 << 31)) | 1
    mask = count - 1
  }

  /// The index that is visited after this one.
  func successor(_ index: Int) -> Int { (index &* multiplier &+ increment) & mask }
}

/// Orders in which experiments visit the elements of a set.
enum VisitOrder {
  /// Every index below `count` once, along a `VisitCycle` from the successor of 0 to 0.
  /// - Precondition: `count` is a power of two of at most 2³¹.
  static func random(_ count: Int, for point: Point) -> AlignedBuffer<Int32> {
    let cycle = VisitCycle(count, for: point)
    var index = 0
    return AlignedBuffer(count: count) { _ in
      index = cycle.successor(index)
      return Int32(truncatingIfNeeded: index)
    }
  }

  /// Every index below `count` once, ascending.
  static func ascending(_ count: Int) -> AlignedBuffer<Int32> {
    AlignedBuffer(count: count) { Int32(truncatingIfNeeded: $0) }
  }
}
