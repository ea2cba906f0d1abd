import Harness

/// An array, and room for its prefix sum.
struct PrefixSumInput: @unchecked Sendable {
  // SAFETY (@unchecked): members of a team write to blocks of their own.
  let values: AlignedBuffer<Int>
  let totals: AlignedBuffer<Int>

  /// Elements: with their totals, more than a core's own caches and less than the last one.
  static let count = 1 << 20

  init(_ point: Point) {
    var random = point.generator()
    values = AlignedBuffer(count: Self.count) { _ in .random(in: -1_000...1_000, using: &random) }
    totals = AlignedBuffer(count: Self.count) { _ in 0 }
  }

  /// Some totals of every block, and the last one: reading all would be as much work as the scan.
  var digest: Int {
    let count = totals.count
    return stride(from: count - 1, to: -1, by: -(count / 64)).reduce(0) {
      $0 &* 31 &+ totals.elements[$1]
    }
  }
}

/// An array in one block more than there are threads. Thread 0 scans block 0 while the others add
/// up a block each; then every thread scans one more.
struct ScanBlocks {
  /// No block is shorter on purpose: the two barriers would take longer than the second thread
  /// saves.
  static let shortest = 8_192

  /// Threads that have a block to add up or to scan; fewer than there are where the array is short.
  let threads: Int
  private let count: Int
  private let size: Int

  init(of count: Int, for threads: Int) {
    self.threads = max(1, min(threads, count / Self.shortest))
    self.count = count
    // In whole cache lines, so that no two threads write to one.
    size = (2 * count / (2 * self.threads + 1)) & ~7
  }

  /// Block 0 is half as long as the others: scanning it moves two bytes where adding up moves one.
  /// The last one has what is left.
  subscript(block: Int) -> Range<Int> {
    func start(_ block: Int) -> Int { block == 0 ? 0 : (size / 2 & ~7) + (block - 1) * size }
    return start(block)..<(block == threads ? count : start(block + 1))
  }
}
