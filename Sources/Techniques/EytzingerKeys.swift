import CPerflab

/// Sorted keys in breadth-first order: the root, then its two children, then their four.
///
/// The keys that a search meets first lie together, so the upper levels share few cache lines, and
/// the sixteen great-great-grandchildren of a key share one line, which is asked for four levels
/// ahead. The search has no branch that depends on a key.
/// Source: P.-V. Khuong and P. Morin, "Array Layouts for Comparison-Based Searching", ACM JEA 22
/// (2017).
public final class EytzingerKeys: @unchecked Sendable {
  // SAFETY (@unchecked): never changed after `init`.

  /// The number of keys.
  public let count: Int
  /// The tree's levels that are full.
  @usableFromInline let fullLevels: Int
  /// Keys 1…count in breadth-first order; key 0 is not used.
  @usableFromInline let keys: UnsafeMutablePointer<UInt32>

  /// Copies ascending keys into the layout.
  /// - Complexity: O(n).
  public init(ascending: Span<UInt32>) {
    count = ascending.count
    fullLevels = Int.bitWidth - 1 - (count + 1).leadingZeroBitCount
    // Key 16 · k starts a line for every k, since key 0 does.
    keys = UnsafeMutableRawPointer.allocate(byteCount: (count + 1) * 4, alignment: 64)
      .bindMemory(to: UInt32.self, capacity: count + 1)
    keys.initialize(repeating: .max, count: count + 1)
    var next = 0
    fill(1, from: ascending, &next)
  }

  deinit { keys.deallocate() }

  private func fill(_ place: Int, from ascending: Span<UInt32>, _ next: inout Int) {
    guard place <= count else { return }
    fill(2 * place, from: ascending, &next)
    keys[place] = ascending[next]
    next += 1
    fill(2 * place + 1, from: ascending, &next)
  }

  /// The smallest key that is not less than `wanted`; nil where all are less.
  /// - Complexity: O(log n).
  @inlinable
  public func lowerBound(_ wanted: UInt32) -> UInt32? {
    // SAFETY: a place in a full level is at most `count`, and so is the last place read.
    // Prefetching past the end is harmless.
    var place = 1
    var level = fullLevels
    while level > 0 {
      perflab_prefetch(keys + 16 &* place)
      place = child(of: place, reading: place, wanted)
      level &-= 1
    }
    let below = child(of: place, reading: min(place, count), wanted)
    place = place <= count ? below : place
    // The last turn to the left was at the answer: drop the turns to the right after it.
    place &>>= (~place).trailingZeroBitCount &+ 1
    return place == 0 ? nil : keys[place]
  }

  /// The left child, or the right one where the key read is less than `wanted`: the borrow of a
  /// subtraction, since the compiler makes a branch of a comparison.
  @inlinable @inline(__always)
  func child(of place: Int, reading index: Int, _ wanted: UInt32) -> Int {
    let borrow = (UInt64(keys[index]) &- UInt64(wanted)) &>> 63
    return 2 &* place &+ Int(truncatingIfNeeded: borrow)
  }
}
