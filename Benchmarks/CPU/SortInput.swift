import Harness

/// Elements of one kind, in so many arrays per kernel call that branch predictors cannot memorise
/// them.
struct SortCase {
  let label: String
  let count: Int
  let keyBytes: Int
  let stride: Int

  var arrays: Int { max(1, 1 << 16 / count) }
  var bytes: Int { arrays * count * stride }

  static let all = [
    SortCase(label: "64 integers", count: 64, keyBytes: 4, stride: 4),
    SortCase(label: "4,096 integers", count: 4_096, keyBytes: 4, stride: 4),
    SortCase(label: "262,144 integers", count: 1 << 18, keyBytes: 4, stride: 4),
    SortCase(label: "4,096 records", count: 4_096, keyBytes: 8, stride: 16),
    SortCase(label: "262,144 records", count: 1 << 18, keyBytes: 8, stride: 16),
  ]
}

/// A record and its sort key.
struct KeyedRecord: BitwiseCopyable {
  var key: UInt64
  var row: Int
}

/// Random arrays of one kind; those of the other kind are empty.
final class SortInput {
  var integers: [[UInt32]] = []
  var records: [[KeyedRecord]] = []
  let integerScratch: AlignedBuffer<UInt32>
  let recordScratch: AlignedBuffer<KeyedRecord>

  init(_ point: Point) {
    let sorting = SortCase.all[point.value]
    let wide = sorting.keyBytes == 8
    var random = point.generator()
    integerScratch = AlignedBuffer(count: wide ? 0 : sorting.count) { _ in 0 }
    recordScratch = AlignedBuffer(count: wide ? sorting.count : 0) { KeyedRecord(key: 0, row: $0) }
    for _ in 0..<sorting.arrays {
      if wide {
        records.append((0..<sorting.count).map { KeyedRecord(key: random.next(), row: $0) })
      } else {
        integers.append((0..<sorting.count).map { _ in .random(in: 0...(.max), using: &random) })
      }
    }
  }

  /// Sorts copies; the digest depends on some elements and their places.
  func digest(
    _ sortIntegers: ([UInt32], UnsafeMutableBufferPointer<UInt32>) -> [UInt32],
    _ sortRecords: ([KeyedRecord], UnsafeMutableBufferPointer<KeyedRecord>) -> [KeyedRecord]
  ) -> UInt64 {
    var digest: UInt64 = 0
    for array in integers {
      let sorted = sortIntegers(array, integerScratch.elements)
      for index in stride(from: 0, to: sorted.count, by: 61) {
        digest = digest &* 31 &+ UInt64(sorted[index])
      }
    }
    for array in records {
      let sorted = sortRecords(array, recordScratch.elements)
      for index in stride(from: 0, to: sorted.count, by: 61) {
        digest = digest &* 31 &+ sorted[index].key &+ UInt64(truncatingIfNeeded: sorted[index].row)
      }
    }
    return digest
  }
}
