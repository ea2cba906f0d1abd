/// Sorting by digits instead of comparisons.
///
/// Least-significant digit first: for each byte of the key, elements are dealt into 256 piles in
/// the order in which they come, from one buffer to the other and back. One reading of the keys
/// beforehand counts all digits; a byte that is the same in all keys costs nothing more.
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
      // SAFETY: digits are below 256; after the prefix sums each pile ends where the next begins,
      // so that `count` elements land on `count` different places.
      for index in 0..<count {
        var rest = key(from[index])
        for digit in 0..<digits {
          table[256 &* digit &+ Int(truncatingIfNeeded: rest & 0xff)] &+= 1
          rest >>= 8
        }
      }
      for digit in 0..<digits {
        let piles = table + 256 * digit
        let shift = Key(truncatingIfNeeded: 8 &* digit)
        if piles[Int(truncatingIfNeeded: (key(from[0]) &>> shift) & 0xff)] == count { continue }
        startsOfPiles(piles)
        for index in 0..<count {
          let element = from[index]
          let pile = Int(truncatingIfNeeded: (key(element) &>> shift) & 0xff)
          to[piles[pile]] = element
          piles[pile] &+= 1
        }
        swap(&from, &to)
      }
    }
    if from != elements.baseAddress! { to.update(from: from, count: count) }
  }

  /// Turns sizes of piles into the places where they start.
  @inlinable
  static func startsOfPiles(_ piles: UnsafeMutablePointer<Int>) {
    var start = 0
    for pile in 0..<256 {
      let size = piles[pile]
      piles[pile] = start
      start &+= size
    }
  }
}
