/// What a direction of a link has done since it was made.
public struct PathCounts: Sendable, Hashable {
  /// Packets that came in.
  public var offered = 0
  /// Bytes of them, headers of IP included.
  public var offeredBytes = 0
  /// Lost by chance.
  public var lost = 0
  /// Found the queue full.
  public var dropped = 0
  /// Handed to the other host.
  public var delivered = 0
  /// Bytes of them.
  public var deliveredBytes = 0
  /// Overtook an earlier one.
  public var overtaking = 0
  /// Bytes of the largest packet: above the link's 1,500 it would stand for several.
  public var largest = 0
  /// Not taken by the relay or by the other host's device: must be 0, or the relay was the limit.
  public var refused = 0
  /// Nanoseconds by which all delivered packets together came later than they were due.
  public var lateness = 0

  /// The share of packets that were lost by chance, of those that found room in the queue.
  public var lossShare: Double { Double(lost) / Double(max(1, offered - dropped)) }

  /// What was done in two stretches of time together.
  public static func += (all: inout PathCounts, more: PathCounts) {
    all.offered += more.offered
    all.offeredBytes += more.offeredBytes
    all.lost += more.lost
    all.dropped += more.dropped
    all.delivered += more.delivered
    all.deliveredBytes += more.deliveredBytes
    all.overtaking += more.overtaking
    all.largest = max(all.largest, more.largest)
    all.refused += more.refused
    all.lateness += more.lateness
  }

  /// What was done between two readings; `largest` is that of both together.
  public static func - (after: PathCounts, before: PathCounts) -> PathCounts {
    var counts = after
    counts.offered -= before.offered
    counts.offeredBytes -= before.offeredBytes
    counts.lost -= before.lost
    counts.dropped -= before.dropped
    counts.delivered -= before.delivered
    counts.deliveredBytes -= before.deliveredBytes
    counts.overtaking -= before.overtaking
    counts.refused -= before.refused
    counts.lateness -= before.lateness
    return counts
  }
}

/// The counts that a relay's thread keeps and others read.
final class PathTally: Sendable {
  let offered = Counter()
  let offeredBytes = Counter()
  let lost = Counter()
  let dropped = Counter()
  let delivered = Counter()
  let deliveredBytes = Counter()
  let overtaking = Counter()
  let largest = Counter()
  let refused = Counter()
  let lateness = Counter()

  var counts: PathCounts {
    PathCounts(
      offered: offered.value, offeredBytes: offeredBytes.value, lost: lost.value,
      dropped: dropped.value, delivered: delivered.value, deliveredBytes: deliveredBytes.value,
      overtaking: overtaking.value, largest: largest.value, refused: refused.value,
      lateness: lateness.value)
  }
}
