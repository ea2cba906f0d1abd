/// Sorting by digits instead of comparisons.
///
/// Least-significant digit first: for each byte of the key, elements are distributed into 256
/// buckets in their order, from one buffer to the other and back. One pass over the keys counts all
/// digits beforehand; a byte that is the same in all keys costs nothing more.
/// Source: D. Knuth, "The Art of Computer Programming" vol. 3, section 5.2.5, algorithm R.
public enum RadixSort {
  /// Sorts integers.
  /// - Complexity: O(n · bytes of the key) time.
  @inlinable
  public static func sort<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ keys: UnsafeMutableBufferPointer<Key>, scratch: UnsafeMutableBufferPointer<Key>
  ) {
    sort(keys, scratch: scratch) { $0 }
  }

  /// Sorts elements by an unsigned key; equal keys keep their order.
  ///
  /// - Parameters:
  ///   - scratch: room for as many elements, of any content; it must not overlap them.
  ///   - key: called twice and more for an element, so it should be a stored property.
  /// - Complexity: O(n · bytes of the key) time.
  @inlinable
  public static func sort<
    Element: BitwiseCopyable, Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable
  >(
    _ elements: UnsafeMutableBufferPointer<Element>,
    scratch: UnsafeMutableBufferPointer<Element>, by key: (Element) -> Key
  ) {
    let count = elements.count
    precondition(scratch.count >= count, "radix sort: scratch holds fewer elements than the input")
    guard count > 1, var from = elements.baseAddress, var to = scratch.baseAddress else { return }
    let digits = Key.bitWidth / 8
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 256 * digits) { places in
      places.initialize(repeating: 0)
      let table = places.baseAddress!
      // SAFETY: digits are below 256; after the prefix sums each bucket ends where the next
      // begins, so that `count` elements are stored in `count` different places.
      for index in 0..<count {
        var rest = key(from[index])
        for digit in 0..<digits {
          table[256 &* digit &+ Int(truncatingIfNeeded: rest & 0xff)] &+= 1
          rest >>= 8
        }
      }
      for digit in 0..<digits {
        let buckets = table + 256 * digit
        let shift = Key(truncatingIfNeeded: 8 &* digit)
        if buckets[Int(truncatingIfNeeded: (key(from[0]) &>> shift) & 0xff)] == count { continue }
        startsOfBuckets(buckets)
        for index in 0..<count {
          let element = from[index]
          let bucket = Int(truncatingIfNeeded: (key(element) &>> shift) & 0xff)
          to[buckets[bucket]] = element
          buckets[bucket] &+= 1
        }
        swap(&from, &to)
      }
    }
    if from != elements.baseAddress! { to.update(from: from, count: count) }
  }

  /// Turns bucket sizes into bucket starts.
  @inlinable
  static func startsOfBuckets(_ buckets: UnsafeMutablePointer<Int>) {
    var start = 0
    for bucket in 0..<256 {
      let size = buckets[bucket]
      buckets[bucket] = start
      start &+= size
    }
  }
}
