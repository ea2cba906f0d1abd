import Statistics
import Techniques
import Testing

@Suite struct RadixSortTests {
  @Test(arguments: [0, 1, 2, 3, 255, 256, 1_000, 70_000])
  func integersComeOutAscending(_ count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    let keys = (0..<count).map { _ in UInt32.random(in: 0...(.max), using: &random) }
    #expect(radixSorted(keys) == keys.sorted())
  }

  /// Around the change from insertion to digits, and around those of the digits' width.
  @Test(arguments: [0, 1, 16, 17, 64, 65, 255, 256, 257, 2_048, 2_049])
  func keysOfAllWidthsComeOutInOrder(_ count: Int) {
    expectOrder(of: count, UInt8.self)
    expectOrder(of: count, UInt16.self)
    expectOrder(of: count, UInt32.self)
    expectOrder(of: count, UInt64.self)
    expectOrder(of: count, UInt128.self)
  }

  /// At the limit of what is sorted in one piece, above it, and with parts above it.
  @Test(arguments: [0, 1, 2_000])
  func manyElementsComeOutInOrder(_ more: Int) {
    expectOrder(of: RadixSort.pairLimit + more, UInt8.self)
    expectOrder(of: RadixSort.pairLimit + more, UInt64.self)
  }

  @Test func digitsAreWiderForMoreElements() {
    #expect(RadixSort.digitBits(of: RadixSort.insertionLimit + 1) == 5)
    #expect(RadixSort.digitBits(of: 4_096) == 8)
    #expect(RadixSort.digitBits(of: RadixSort.pairLimit) == 9)
    #expect(RadixSort.splitBits(of: RadixSort.pairLimit + 1) == 5)
    #expect(RadixSort.splitBits(of: 1 << 18) == 6)
    #expect(RadixSort.splitBits(of: Int(UInt32.max)) == 6)
  }

  @Test func elementsMayBeLargerThanALine() {
    struct Page: BitwiseCopyable {
      var key: UInt16
      var place: Int
      var rest = InlineArray<254, UInt64>(repeating: 0)
    }
    var random = SeededGenerator(seed: 9)
    let pages = (0..<2_100).map {
      Page(key: .random(in: 0...(.max), using: &random), place: $0)
    }
    let expected = pages.indices.sorted { (pages[$0].key, $0) < (pages[$1].key, $1) }
    #expect(radixSorted(pages) { $0.key }.map(\.place) == expected)
  }

  @Test func oneByteKeysComeBack() {
    let keys: [UInt8] = [3, 1, 255, 0, 3]
    #expect(radixSorted(keys) == [0, 1, 3, 3, 255])
  }

  @Test func nothingBehindTheElementsIsTouched() {
    var keys = (0..<40_000).map { UInt32($0) &* 2_654_435_761 }
    let expected = keys[..<20_000].sorted() + keys[20_000...]
    let scratch = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: 20_001)
    defer { scratch.deallocate() }
    scratch[20_000] = 7
    keys.withUnsafeMutableBufferPointer { keys in
      RadixSort.sort(UnsafeMutableBufferPointer(rebasing: keys[..<20_000]), scratch: scratch)
    }
    #expect(keys == expected)
    #expect(scratch[20_000] == 7)
  }

  /// Sorts keys of several distributions, and expects that equal ones keep their order.
  private func expectOrder<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    of count: Int, _: Key.Type
  ) {
    var random = SeededGenerator(seed: UInt64(count))
    func below(_ bound: Key) -> Key { .random(in: 0..<bound, using: &random) }
    let half = Key.bitWidth / 2
    let distributions: [(Int) -> Key] = [
      { _ in .random(in: 0...(.max), using: &random) },
      // The upper bits are alike in all keys, in all but one, or the lower ones are.
      { _ in below(1 << (Key.bitWidth - 3)) },
      { $0 == count / 2 ? .max : below(1 << Key(half - 1)) },
      { _ in below(1 << Key(half)) << Key(half) },
      // Few values, all bits of them in use; half of the keys are alike; one value.
      { _ in below(5) &* (.max / 7) },
      { _ in below(2) == 0 ? 1 : .random(in: 0...(.max), using: &random) },
      { _ in 1 },
      // Two fields with a gap between them; many widths; in order, and backwards.
      { _ in below(6) << Key(half + 1) | below(6) },
      { _ in .random(in: 0...(.max), using: &random) >> below(Key(Key.bitWidth)) },
      { Key(truncatingIfNeeded: $0 / 3) },
      { .max - Key(truncatingIfNeeded: $0 / 3) },
    ]
    for (index, key) in distributions.enumerated() {
      let records = (0..<count).map { Pair(key($0), $0) }
      let expected = records.sorted { ($0.key, $0.place) < ($1.key, $1.place) }
      let isSorted = radixSorted(records, room: count + 3) { $0.key } == expected
      #expect(isSorted, "\(count) \(Key.self), distribution \(index)")
    }
  }

  private func radixSorted<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ keys: [Key]
  ) -> [Key] {
    radixSorted(keys) { $0 }
  }

  private func radixSorted<
    Element: BitwiseCopyable, Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable
  >(_ elements: [Element], room: Int? = nil, by key: (Element) -> Key) -> [Element] {
    var sorted = elements
    let scratch = UnsafeMutableBufferPointer<Element>.allocate(capacity: room ?? elements.count)
    defer { scratch.deallocate() }
    sorted.withUnsafeMutableBufferPointer { RadixSort.sort($0, scratch: scratch, by: key) }
    return sorted
  }
}

private struct Pair<Key: FixedWidthInteger & BitwiseCopyable>: BitwiseCopyable, Equatable {
  var key: Key
  var place: Int

  init(_ key: Key, _ place: Int) { (self.key, self.place) = (key, place) }
}
