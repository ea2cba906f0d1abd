import Statistics

/// A seeded table of events, written in the ways that stores have: lines of text, columns, and columns
/// whose values are written short. All of them hold the same rows.
public struct SampleTable: Sendable {
  /// Ascending milliseconds; a customer, popular ones more often; a state, which holds for some rows;
  /// an amount.
  private let columns: [[UInt64]]

  /// So many rows.
  public init(rows: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var columns: [[UInt64]] = [[], [], [], []]
    var time: UInt64 = 1_790_000_000_000
    var state: UInt64 = 0
    for _ in 0..<rows {
      time += UInt64.random(in: 1...50, using: &random)
      let popular = Double.random(in: 0..<1, using: &random)
      if Int.random(in: 0..<20, using: &random) == 0 {
        state = UInt64.random(in: 0..<6, using: &random)
      }
      columns[0].append(time)
      columns[1].append(UInt64(popular * popular * 100_000))
      columns[2].append(state)
      columns[3].append(UInt64.random(in: 199...29_999, using: &random))
    }
    self.columns = columns
  }

  /// A line of decimal numbers for each row, as in CSV.
  public var text: [UInt8] {
    var bytes: [UInt8] = []
    for row in columns[0].indices {
      for (index, column) in columns.enumerated() {
        bytes += "\(column[row])".utf8
        bytes.append(UInt8(ascii: index == columns.count - 1 ? "\n" : ","))
      }
    }
    return bytes
  }

  /// Columns one after the other, eight bytes a value.
  public var columnar: [UInt8] { Self.columnar(columns) }

  /// Eight bytes a value, the lowest first.
  static func columnar(_ columns: [[UInt64]]) -> [UInt8] {
    columns.flatMap { column in
      column.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    }
  }

  /// Columns one after the other: differences of the times, runs of the states, and all numbers in as
  /// many groups of seven bits as they need (LEB128).
  public var encoded: [UInt8] {
    var bytes: [UInt8] = []
    var last: UInt64 = 0
    for value in columns[0] {
      Self.append(value - last, to: &bytes)
      last = value
    }
    for value in columns[1] { Self.append(value, to: &bytes) }
    var run: (value: UInt64, count: UInt64) = (columns[2].first ?? 0, 0)
    for value in columns[2] {
      if value != run.value {
        Self.append(run.value, to: &bytes)
        Self.append(run.count, to: &bytes)
        run = (value, 0)
      }
      run.count += 1
    }
    Self.append(run.value, to: &bytes)
    Self.append(run.count, to: &bytes)
    for value in columns[3] { Self.append(value, to: &bytes) }
    return bytes
  }

  private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
