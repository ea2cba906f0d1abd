import Harness

/// An array, and room for its prefix sum.
struct PrefixSumInput: @unchecked Sendable {
  // SAFETY (@unchecked): members of a team write to blocks of their own.
  let values: AlignedBuffer<Int>
  let totals: AlignedBuffer<Int>

  /// A point's value is the number of elements.
  init(_ point: Point) {
    var random = point.generator()
    values = AlignedBuffer(count: point.value, distinct: 1 << 16) { _ in
      .random(in: -1_000...1_000, using: &random)
    }
    totals = AlignedBuffer(count: point.value) { _ in 0 }
  }

  /// Elements of block 0, so that scanning it takes as long as adding up block 1, which is four
  /// times as fast per element. Blocks 1 and 2 are of equal size.
  static func firstBlock(of count: Int) -> Int { count / 9 }

  /// Some totals of every block, and the last one: reading all would be as much work as the scan.
  var digest: Int {
    let count = totals.count
    return stride(from: count - 1, to: -1, by: -(count / 64)).reduce(0) {
      $0 &* 31 &+ totals.elements[$1]
    }
  }
}
