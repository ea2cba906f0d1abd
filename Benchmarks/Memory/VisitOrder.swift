import Harness

/// Orders in which experiments visit the elements of a set.
enum VisitOrder {
  /// Every index below `count` once, in an order that no prefetcher follows.
  ///
  /// A linear congruential generator of full period (Hull and Dobell, 1962: multiplier 1 modulo 4,
  /// odd increment), so that making it is as cheap as writing it.
  /// - Precondition: `count` is a power of two of at most 2³¹.
  static func random(_ count: Int, for point: Point) -> AlignedBuffer<Int32> {
    precondition(count > 0 && count & (count - 1) == 0 && count <= 1 << 31)
    var generator = point.generator()
    let multiplier = Int(generator.next() % (1 << 31)) / 4 * 4 + 1
    let increment = Int(generator.next() % (1 << 31)) | 1
    var index = 0
    return AlignedBuffer(count: count) { _ in
      index = (index &* multiplier &+ increment) & (count - 1)
      return Int32(truncatingIfNeeded: index)
    }
  }

  /// Every index below `count` once, ascending.
  static func ascending(_ count: Int) -> AlignedBuffer<Int32> {
    AlignedBuffer(count: count) { Int32(truncatingIfNeeded: $0) }
  }
}
