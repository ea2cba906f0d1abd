import Harness

/// Records of a cache line each, and an index that names them in random order.
final class IndexedRecords: Sendable {
  /// 64 bytes: one cache line.
  struct Record {
    var key: UInt64
    var rest: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0)
  }

  /// Records that one kernel call visits.
  static let visits = 16_384
  /// The longest distance of a prefetch.
  static let longestDistance = 64

  let records: AlignedBuffer<Record>
  /// Each place once, and the first ones again, as far as a prefetch reaches.
  private let index: AlignedBuffer<Int32>
  let turns: Turns
  /// How many records ahead of its use a record is prefetched.
  let distance: Int

  init(_ point: Point, distance: Int) {
    let count = point.value / MemoryLayout<Record>.stride
    // The order's lowest bits repeat within a turn, so that each turn meets the same keys.
    records = AlignedBuffer(count: count) { Record(key: UInt64($0 % Self.visits)) }
    let order = VisitOrder.random(count, for: point)
    index = AlignedBuffer(count: count + Self.longestDistance) { order.elements[$0 % count] }
    turns = Turns(count, steps: Self.visits)
    self.distance = distance
  }

  /// The places that a turn visits, and those that follow.
  func places(_ turn: Int) -> UnsafePointer<Int32> {
    UnsafePointer(index.elements.baseAddress! + turn * turns.length)
  }
}
