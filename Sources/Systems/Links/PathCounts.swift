/// What is counted of a direction of a link.
public enum PathCount: Int, CaseIterable, Sendable {
  /// Packets that came in.
  case offered
  /// Bytes of them, headers of IP included.
  case offeredBytes
  /// Lost by chance.
  case lost
  /// Found the queue full.
  case dropped
  /// Handed to the other host.
  case delivered
  /// Bytes of them.
  case deliveredBytes
  /// Overtook an earlier one.
  case overtaking
  /// Bytes of the largest packet: above the link's 1,500 it would stand for several.
  case largest
  /// Not taken by the relay or by the other host's device: must be 0, or the relay was the limit.
  case refused
  /// Nanoseconds by which all delivered packets together came later than they were due.
  case lateness
}

/// What a direction of a link has done since it was made.
public struct PathCounts: Sendable, Hashable {
  private var values = [Int](repeating: 0, count: PathCount.allCases.count)

  /// Nothing yet.
  public init() {}

  /// One of the counts.
  public internal(set) subscript(_ count: PathCount) -> Int {
    get { values[count.rawValue] }
    set { values[count.rawValue] = newValue }
  }

  /// The share of packets that were lost by chance, of those that found room in the queue.
  public var lossShare: Double {
    Double(self[.lost]) / Double(max(1, self[.offered] - self[.dropped]))
  }

  /// What was done in two stretches of time together.
  public static func += (all: inout PathCounts, more: PathCounts) {
    for count in PathCount.allCases {
      all[count] = count == .largest ? max(all[count], more[count]) : all[count] + more[count]
    }
  }

  /// What was done between two readings; `largest` is that of both together.
  public static func - (after: PathCounts, before: PathCounts) -> PathCounts {
    var counts = after
    for count in PathCount.allCases where count != .largest { counts[count] -= before[count] }
    return counts
  }
}

/// The counts that a relay's thread keeps and others read.
final class PathTally: Sendable {
  private let counters = PathCount.allCases.map { _ in Counter() }

  subscript(_ count: PathCount) -> Counter { counters[count.rawValue] }

  var counts: PathCounts {
    var counts = PathCounts()
    for count in PathCount.allCases { counts[count] = self[count].value }
    return counts
  }
}
