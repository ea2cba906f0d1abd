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

  @Test func oneByteKeysTakeOnePassAndComeBack() {
    let keys: [UInt8] = [3, 1, 255, 0, 3]
    #expect(radixSorted(keys) == [0, 1, 3, 3, 255])
  }

  @Test func equalDigitsAreSkipped() {
    let keys: [UInt64] = [0x0700_0000_0000_0001, 0x0200_0000_0000_0001, 0x0500_0000_0000_0001]
    #expect(radixSorted(keys) == keys.sorted())
  }

  @Test func equalKeysKeepTheirOrder() {
    struct Record: BitwiseCopyable, Equatable {
      var key: UInt64
      var place: Int
    }
    var random = SeededGenerator(seed: 3)
    let records = (0..<5_000).map {
      Record(key: .random(in: 0..<300, using: &random) << 20, place: $0)
    }
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
  >(_ elements: [Element], by key: (Element) -> Key) -> [Element] {
    var sorted = elements
    var scratch = elements
    sorted.withUnsafeMutableBufferPointer { buffer in
      scratch.withUnsafeMutableBufferPointer { RadixSort.sort(buffer, scratch: $0, by: key) }
    }
    return sorted
  }
}
