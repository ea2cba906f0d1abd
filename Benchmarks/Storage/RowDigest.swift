import Harness

/// The digest of rows, the same in any order: the sum of a hash of each.
struct RowDigest {
  /// Of all rows so far.
  private(set) var value: UInt64 = 0
  private var row: UInt64 = 0

  /// The next column of a row.
  mutating func add(_ column: Int) {
    row = (row ^ UInt64(truncatingIfNeeded: column)) &* 0x9e37_79b9_7f4a_7c15
  }

  /// Stands for a text as a column: its length, and its last eight bytes.
  static func hash(_ text: UnsafeRawBufferPointer) -> Int {
    guard text.count >= 8 else { return text.reduce(text.count) { $0 << 8 ^ Int($1) } }
    return text.loadUnaligned(fromByteOffset: text.count - 8, as: Int.self) &+ text.count
  }

  /// A row of two columns.
  mutating func addRow(_ first: Int, _ second: Int) {
    add(first)
    add(second)
    endRow()
  }

  /// A row is complete.
  mutating func endRow() {
    value &+= row ^ (row >> 29)
    row = 0
  }
}

/// Runs the body of a kernel, in which nothing may fail: an error ends the worker, with its text as
/// the worker's last words.
func attempt<Answer>(_ body: () throws -> Answer) -> Answer {
  do { return try body() } catch { fatalError("\(error)") }
}
