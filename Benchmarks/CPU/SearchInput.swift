import Harness

/// A sorted table in some layout, and keys to look up.
struct SearchInput<Keys> {
  let keys: Keys
  let wanted: [UInt32]

  /// A point's value is the size of the table in bytes.
  /// - Parameter layout: builds the table from the sorted keys.
  init(_ point: Point, layout: ([UInt32]) -> Keys) {
    var random = point.generator()
    let count = point.value / 4
    // Gaps of 1 to 2ᵇ, with b so that all of them together stay below 2³².
    let gap = UInt32(1) << min(20, (UInt32.max / UInt32(count)).leadingZeroBitCount ^ 31)
    var key: UInt32 = 0
    let sorted = (0..<count).map { _ in
      key += 1 + UInt32(truncatingIfNeeded: random.next()) & (gap - 1)
      return key
    }
    wanted = (0..<lookupCount(point.value)).map { _ in .random(in: 0..<key, using: &random) }
    keys = layout(sorted)
  }
}

/// Look-ups in one kernel call, for a table of so many bytes: more than a branch predictor
/// memorises, with more lines than the second cache level holds. If a cache may hold the table,
/// also sixteen for each of its lines, since the other variants' tables have evicted it before.
func lookupCount(_ bytes: Int) -> Int {
  bytes < 32 << 20 ? max(1 << 16, 16 * bytes / 64) : 1 << 16
}
