import Glibc
import Statistics

/// Draws keys by popularity, in two table reads: key k with a probability proportional to its weight.
///
/// Source: Vose, *A Linear Algorithm for Generating Random Numbers with a Given Distribution*, 1991.
struct KeySampler: ~Copyable {
  private struct Column {
    var threshold: Double
    var alias: Int32
  }

  private let columns: UnsafeMutablePointer<Column>
  private let count: Int

  /// - Parameter weights: at least one; their sum need not be 1.
  init(_ weights: [Double]) {
    count = weights.count
    columns = .allocate(capacity: count)
    let scale = Double(count) / weights.reduce(0, +)
    var scaled = weights.map { $0 * scale }
    var (small, large): ([Int32], [Int32]) = ([], [])
    for key in 0..<count {
      columns[key] = Column(threshold: 1, alias: Int32(key))
      if scaled[key] < 1 { small.append(Int32(key)) } else { large.append(Int32(key)) }
    }
    while let less = small.popLast(), let more = large.last {
      columns[Int(less)] = Column(threshold: scaled[Int(less)], alias: more)
      scaled[Int(more)] -= 1 - scaled[Int(less)]
      if scaled[Int(more)] < 1 {
        large.removeLast()
        small.append(more)
      }
    }
  }

  deinit { columns.deallocate() }

  func draw(_ generator: inout SeededGenerator) -> Int32 {
    let column = generator.index(below: count)
    return generator.uniform() < columns[column].threshold
      ? Int32(truncatingIfNeeded: column) : columns[column].alias
  }
}
