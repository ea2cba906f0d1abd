/// Sorting by digits of the key instead of comparisons.
///
/// Of n random keys hardly two agree in the upper log₂ n + 4 of the bits that differ at all. So
/// elements are distributed by two digits of these bits, the lower one first, into a bucket for
/// each value of the digit, in their order. What is in disorder then agrees in these bits: such
/// groups are sorted by the bits below, by insertion where they are small. More elements than
/// `pairLimit` are first split by one digit into parts that are sorted one after the other, so that
/// most passes go over what lies in a cache.
///
/// Sources: D. Knuth, "The Art of Computer Programming" vol. 3, section 5.2.5, algorithm R; the
/// insertion after the leading digits is from M. D. MacLaren, "Internal Sorting by Radix Plus
/// Sifting", Journal of the ACM 13, 1966.
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
  ///   - key: called several times for an element, with the same answer each time; it should be a
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
    guard count > 1, let first = elements.baseAddress else { return }
    RadixPasses.sort(first, into: first, scratch.baseAddress!, count, by: key)
  }

  /// The most elements that are sorted by insertion.
  @inlinable
  public static var insertionLimit: Int { 16 }

  /// The most elements that are not split: their digits have nine bits, and the ends of 512 buckets
  /// are as many lines as a first-level cache of 32 KiB holds.
  @inlinable
  public static var pairLimit: Int { 1 << 14 }

  /// Bits of each of the two digits, for so many elements.
  @inlinable
  public static func digitBits(of count: Int) -> Int { (width(of: count - 1) + 5) / 2 }

  /// Bits of the digit that splits so many elements: 64 parts at most, as each is written at a
  /// place of its own, in another line and page, and where their sizes are near a power of two, all
  /// places compete for a few sets of the cache; and a thousand elements a part, or about, as each
  /// has tables of its own.
  @inlinable
  public static func splitBits(of count: Int) -> Int { min(6, width(of: count - 1) - 10) }

  /// Bits of a number without leading zeros.
  @inlinable
  static func width<Number: FixedWidthInteger>(of number: Number) -> Int {
    Number.bitWidth - number.leadingZeroBitCount
  }
}

/// The passes over elements with a key.
///
/// In all of them `result` is where the elements lie or apart from them, and `spare` is room for as
/// many, apart from both.
// SAFETY: a digit is below the number of its buckets; after the prefix sums each bucket ends where
// the next one begins, so that `count` elements, whose keys stay, are stored in `count` places.
@usableFromInline
enum RadixPasses<
  Element: BitwiseCopyable, Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable
> {
  @usableFromInline typealias Elements = UnsafeMutablePointer<Element>

  @inlinable
  static func sort(
    _ elements: Elements, into result: Elements, _ spare: Elements, _ count: Int,
    by key: (Element) -> Key
  ) {
    if count <= RadixSort.insertionLimit {
      return insert(elements, into: result, count, by: key)
    }
    let first = key(elements[0])
    var differing: Key = 0
    for index in 1..<count { differing |= key(elements[index]) ^ first }
    if differing == 0 { return result.update(from: elements, count: count) }
    let (low, high) = (differing.trailingZeroBitCount, RadixSort.width(of: differing))
    if high - low <= min(8, RadixSort.width(of: count - 1)) {
      let all = RadixDigit(low: low, bits: high - low)
      return split(elements, into: result, spare, count, by: key, all, andSort: false)
    }
    if count > RadixSort.pairLimit {
      let digit = RadixDigit(below: high, bits: RadixSort.splitBits(of: count))
      return split(elements, into: result, spare, count, by: key, digit, andSort: true)
    }
    let bits = min((high - low + 1) / 2, RadixSort.digitBits(of: count))
    let upper = RadixDigit(below: high, bits: bits)
    // Bits that all keys have in common are skipped, such as those between two fields.
    let lower = RadixDigit(below: RadixSort.width(of: upper.lowerBits(of: differing)), bits: bits)
    distribute(elements, into: result, spare, count, by: key, lower, upper)
    if lower.low > low { sortGroups(result, spare, count, by: key, lower) }
  }

  /// Splits by a digit, and sorts each part unless no lower bits differ.
  @inlinable
  static func split(
    _ elements: Elements, into result: Elements, _ spare: Elements, _ count: Int,
    by key: (Element) -> Key, _ digit: RadixDigit, andSort isUnsorted: Bool
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: digit.values) { table in
      let ends = table.baseAddress!
      ends.initialize(repeating: 0, count: digit.values)
      for index in 0..<count { ends[digit.value(in: key(elements[index]))] &+= 1 }
      sumBefore(ends, digit.values)
      distribute(elements, to: spare, count, by: key, digit, ends)
      if !isUnsorted { return result.update(from: spare, count: count) }
      var start = 0
      for value in 0..<digit.values {
        let end = Int(ends[value])
        let size = end - start
        if start >= size {
          // The room of the parts before is free, and its beginning stays in the cache.
          sort(spare + start, into: result + start, spare, size, by: key)
        } else {
          (result + start).update(from: spare + start, count: size)
          sort(result + start, into: result + start, spare + start, size, by: key)
        }
        start = end
      }
    }
  }

  /// Distributes by a digit, and then by a higher one of as many bits.
  @inlinable
  static func distribute(
    _ elements: Elements, into result: Elements, _ spare: Elements, _ count: Int,
    by key: (Element) -> Key, _ lower: RadixDigit, _ upper: RadixDigit
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * lower.values) { table in
      let lowerEnds = table.baseAddress!
      let upperEnds = lowerEnds + lower.values
      lowerEnds.initialize(repeating: 0, count: 2 * lower.values)
      for index in 0..<count {
        let key = key(elements[index])
        lowerEnds[lower.value(in: key)] &+= 1
        upperEnds[upper.value(in: key)] &+= 1
      }
      sumBefore(lowerEnds, lower.values)
      sumBefore(upperEnds, upper.values)
      distribute(elements, to: spare, count, by: key, lower, lowerEnds)
      distribute(spare, to: result, count, by: key, upper, upperEnds)
    }
  }

  /// Appends each element to its bucket.
  @inlinable @inline(__always)
  static func distribute(
    _ elements: Elements, to result: Elements, _ count: Int, by key: (Element) -> Key,
    _ digit: RadixDigit, _ ends: UnsafeMutablePointer<UInt32>
  ) {
    for index in 0..<count {
      let element = elements[index]
      let value = digit.value(in: key(element))
      let end = ends[value]
      ends[value] = end &+ 1
      result[Int(end)] = element
      // Stores retire in order: one whose line is missing delays the others, so ask beforehand.
      CacheLines.prefetch(UnsafeRawPointer(result + Int(end)) + 64)
    }
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

  /// Sorts what ascends by a digit and the bits above it.
  @inlinable
  static func sortGroups(
    _ elements: Elements, _ spare: Elements, _ count: Int, by key: (Element) -> Key,
    _ digit: RadixDigit
  ) {
    var last = key(elements[0])
    var index = 1
    while index < count {
      let next = key(elements[index])
      if next >= last {
        last = next
        index &+= 1
        continue
      }
      var (start, end) = (index - 1, index + 1)
      while start > 0, digit.isAbove(key(elements[start - 1]) ^ next) { start -= 1 }
      while end < count, digit.isAbove(key(elements[end]) ^ next) { end += 1 }
      sort(elements + start, into: elements + start, spare, end - start, by: key)
      last = key(elements[end - 1])
      index = end
    }
  }

  /// Inserts each element behind those whose key is not greater.
  @inlinable @inline(__always)
  static func insert(
    _ elements: Elements, into result: Elements, _ count: Int, by key: (Element) -> Key
  ) {
    for index in 0..<count {
      let element = elements[index]
      var place = index
      while place > 0, key(result[place &- 1]) > key(element) {
        result[place] = result[place &- 1]
        place &-= 1
      }
      result[place] = element
    }
  }
}

/// Some bits of a key, from the bit `low` up.
@usableFromInline
struct RadixDigit {
  @usableFromInline let low: Int
  @usableFromInline let bits: Int

  @inlinable
  init(low: Int, bits: Int) { (self.low, self.bits) = (low, bits) }

  /// The bits below the bit `high`, or the lowest ones where these are too few.
  @inlinable
  init(below high: Int, bits: Int) { self.init(low: max(0, high - bits), bits: bits) }

  @inlinable
  var values: Int { 1 &<< bits }

  @inlinable @inline(__always)
  func value<Key: FixedWidthInteger & UnsignedInteger>(in key: Key) -> Int {
    Int(truncatingIfNeeded: key &>> Key(truncatingIfNeeded: low)) & (values &- 1)
  }

  /// Whether all ones of a number are below the digit.
  @inlinable @inline(__always)
  func isAbove<Key: FixedWidthInteger & UnsignedInteger>(_ number: Key) -> Bool {
    number &>> Key(truncatingIfNeeded: low) == 0
  }

  /// The bits of a key below the digit.
  @inlinable @inline(__always)
  func lowerBits<Key: FixedWidthInteger & UnsignedInteger>(of key: Key) -> Key {
    key & (1 &<< Key(truncatingIfNeeded: low) &- 1)
  }
}
