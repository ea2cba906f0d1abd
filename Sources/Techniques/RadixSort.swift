/// Sorting by digits instead of comparisons.
///
/// Least-significant digit first: for each digit of the key, elements are distributed into a bucket
/// for each of its values in their order, from one buffer to the other and back. One pass over the
/// keys counts all digits beforehand; a digit that is the same in all keys costs nothing more.
/// Source: D. Knuth, "The Art of Computer Programming" vol. 3, section 5.2.5, algorithm R.
public enum RadixSort {
  /// Sorts integers.
  /// - Complexity: O(n · digits of the key) time.
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
  ///   - key: called twice and more for an element, with the same answer each time; it should be a
  ///     stored property.
  /// - Complexity: O(n · digits of the key) time.
  @inlinable
  public static func sort<
    Element: BitwiseCopyable, Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable
  >(
    _ elements: UnsafeMutableBufferPointer<Element>,
    scratch: UnsafeMutableBufferPointer<Element>, by key: (Element) -> Key
  ) {
    let count = elements.count
    precondition(scratch.count >= count, "radix sort: scratch holds fewer elements than the input")
    precondition(count <= UInt32.max, "radix sort: 2³² elements or more")
    guard count > 1, let from = elements.baseAddress, let to = scratch.baseAddress else { return }
    // Each width has its own code, with constants.
    switch digitBits(of: count, stride: MemoryLayout<Element>.stride) {
    case 6: sort(from, to, count, by: key, bits: 6)
    case 8: sort(from, to, count, by: key, bits: 8)
    default: sort(from, to, count, by: key, bits: 11)
    }
  }

  /// Bits of a digit for so many elements of so many bytes.
  ///
  /// A pass costs three stores an element, its counter's among them, and a sum for each bucket: the
  /// more elements, the wider the digits. Beyond a few megabytes the 2,048 buckets of eleven bits
  /// lie on more pages than the second-level TLB holds.
  public static func digitBits(of count: Int, stride: Int) -> Int {
    if count < 128 { return 6 }
    return count < 2_048 || count * stride > 4 << 20 ? 8 : 11
  }

  /// The same with digits of so many bits.
  @inlinable @inline(__always)
  static func sort<
    Element: BitwiseCopyable, Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable
  >(
    _ elements: UnsafeMutablePointer<Element>, _ scratch: UnsafeMutablePointer<Element>,
    _ count: Int, by key: (Element) -> Key, bits: Int
  ) {
    let (digits, buckets) = ((Key.bitWidth + bits - 1) / bits, 1 << bits)
    func value(_ key: Key, of digit: Int) -> Int {
      Int(truncatingIfNeeded: key &>> Key(truncatingIfNeeded: bits &* digit)) & (buckets &- 1)
    }
    let table = UnsafeMutablePointer<UInt32>.allocate(capacity: buckets * digits)
    defer { table.deallocate() }
    table.initialize(repeating: 0, count: buckets * digits)
    // SAFETY: a digit is below `buckets`; after the prefix sums each bucket ends where the next
    // begins, so that `count` elements, whose keys stay, are stored in `count` different places.
    for index in 0..<count {
      let key = key(elements[index])
      for digit in 0..<digits { table[buckets &* digit &+ value(key, of: digit)] &+= 1 }
    }
    var (from, to) = (elements, scratch)
    for digit in 0..<digits {
      let places = table + buckets * digit
      if places[value(key(from[0]), of: digit)] == count { continue }
      sumBefore(places, buckets)
      for index in 0..<count {
        let element = from[index]
        let bucket = value(key(element), of: digit)
        to[Int(places[bucket])] = element
        places[bucket] &+= 1
      }
      swap(&from, &to)
    }
    if from != elements { elements.update(from: from, count: count) }
  }

  /// Turns sizes into sums of those before.
  @inlinable
  static func sumBefore(_ sizes: UnsafeMutablePointer<UInt32>, _ count: Int) {
    var sum: UInt32 = 0
    for index in 0..<count {
      let size = sizes[index]
      sizes[index] = sum
      sum &+= size
    }
  }
}
