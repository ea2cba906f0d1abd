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

  /// Around each change of the digit's width, with keys of all widths, few and many digits of them in
  /// use, and a scratch that is larger than the elements.
  @Test(arguments: [0, 1, 127, 128, 2_047, 2_048])
  func keysOfAllWidthsComeOutInOrder(_ count: Int) {
    var random = SeededGenerator(seed: UInt64(count))
    func expectSorted<Key: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(_: Key.Type) {
      for largest in [Key.max, Key.max >> 3, 1, 0] {
        let records = (0..<count).map { Pair(Key.random(in: 0...largest, using: &random), $0) }
        let expected = records.sorted { ($0.key, $0.place) < ($1.key, $1.place) }
        #expect(radixSorted(records, room: count + 3) { $0.key } == expected)
      }
    }
    expectSorted(UInt8.self)
    expectSorted(UInt16.self)
    expectSorted(UInt32.self)
    expectSorted(UInt64.self)
    expectSorted(UInt128.self)
  }

  @Test func moreThanFourMegabytesAreSortedByEightBits() {
    struct Page: BitwiseCopyable {
      var key: UInt16
      var place: Int
      var rest = InlineArray<254, UInt64>(repeating: 0)
    }
    let count = 2_100
    #expect(RadixSort.digitBits(of: count, stride: MemoryLayout<Page>.stride) == 8)
    var random = SeededGenerator(seed: 9)
    let pages = (0..<count).map {
      Page(key: .random(in: 0...(.max), using: &random), place: $0)
    }
    let expected = pages.map(\.place).sorted { (pages[$0].key, $0) < (pages[$1].key, $1) }
    #expect(radixSorted(pages) { $0.key }.map(\.place) == expected)
  }

  @Test func oneByteKeysTakeOnePassAndComeBack() {
    let keys: [UInt8] = [3, 1, 255, 0, 3]
    #expect(radixSorted(keys) == [0, 1, 3, 3, 255])
  }

  @Test func equalDigitsAreSkipped() {
    let keys: [UInt64] = [0x0700_0000_0000_0001, 0x0200_0000_0000_0001, 0x0500_0000_0000_0001]
    #expect(radixSorted(keys) == keys.sorted())
  }

  @Test func equalKeysKeepTheirOrder() {
    var random = SeededGenerator(seed: 3)
    let records = (0..<5_000).map { Pair(UInt64.random(in: 0..<300, using: &random) << 20, $0) }
    let expected = records.sorted { ($0.key, $0.place) < ($1.key, $1.place) }
    #expect(radixSorted(records) { $0.key } == expected)
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
