import Synchronization

/// Remembers what a system was asked to write and what it acknowledged, outside of that system, and
/// looks for all of it afterwards.
///
/// Where the system is to be killed, the keeper belongs to another process than the one that dies. It
/// compares contents and not counts: a lost row and a doubled one would cancel out.
///
///     keeper.intend(order, digest)        // before the request is sent
///     keeper.acknowledge(order, digest)   // when the system has said that it is done
///     …
///     let report = keeper.judge(rows read from the store itself)
public final class TruthKeeper: Sendable {
  private struct Write: Sendable {
    let value: UInt64
    var isAcknowledged = false
  }

  private let writes = Mutex<[Int: [Write]]>([:])

  /// One that knows of nothing.
  public init() {}

  /// A write is about to be asked for.
  /// - Parameters:
  ///   - key: of the row.
  ///   - value: a digest of its contents.
  public func intend(_ key: Int, _ value: UInt64) {
    writes.withLock { $0[key, default: []].append(Write(value: value)) }
  }

  /// The system has said that a write is done; one that was never intended counts as intended now.
  public func acknowledge(_ key: Int, _ value: UInt64) {
    writes.withLock { writes in
      var row = writes[key, default: []]
      if let index = row.lastIndex(where: { $0.value == value }) {
        row[index].isAcknowledged = true
      } else {
        row.append(Write(value: value, isAcknowledged: true))
      }
      writes[key] = row
    }
  }

  /// The system has said that a write is not done: it must not be there.
  public func refuse(_ key: Int, _ value: UInt64) {
    writes.withLock { writes in
      guard let index = writes[key]?.lastIndex(where: { $0.value == value && !$0.isAcknowledged })
      else { return }
      writes[key]?.remove(at: index)
    }
  }

  /// Rows that the system acknowledged, each once.
  public var acknowledged: Int {
    writes.withLock { $0.values.count { $0.contains(where: \.isAcknowledged) } }
  }

  /// Compares what a store holds with what was acknowledged.
  ///
  /// A write without a response may be there or not. A row must hold the last value that was
  /// acknowledged, or one that was intended later.
  /// - Parameter rows: all of the store, read past the system.
  public func judge(_ rows: some Sequence<(key: Int, value: UInt64)>) -> TruthReport {
    let writes = writes.withLock { $0 }
    let found = Dictionary(grouping: rows, by: \.key).mapValues { $0.map(\.value) }
    var report = TruthReport()
    for (key, row) in writes {
      let last = row.lastIndex(where: \.isAcknowledged)
      guard let values = found[key] else {
        if last != nil { report.lost.append(key) }
        continue
      }
      if values.count > 1 { report.doubled.append(key) }
      let allowed = Set(row[(last ?? 0)...].map(\.value))
      if !allowed.isSuperset(of: values) { report.diverged.append(key) }
    }
    report.invented = found.keys.filter { writes[$0, default: []].isEmpty }
    return report.sorted()
  }
}

/// What a store holds wrongly, as the keys of rows in ascending order.
public struct TruthReport: Sendable, Equatable, CustomStringConvertible {
  /// Acknowledged, and not there.
  public internal(set) var lost: [Int] = []
  /// There more than once.
  public internal(set) var doubled: [Int] = []
  /// There with other contents.
  public internal(set) var diverged: [Int] = []
  /// There, and never asked for.
  public internal(set) var invented: [Int] = []

  /// Whether all acknowledged writes are there once and as they were written.
  public var isTrue: Bool { wrong == 0 }

  /// Rows that are wrong in any way; one that is wrong in two counts twice.
  public var wrong: Int { lost.count + doubled.count + diverged.count + invented.count }

  /// Compares a copy with its original, row by row.
  /// - Returns: rows of the original that the copy has lost, doubled or changed, and invented ones.
  public static func comparing(
    _ copy: some Sequence<(key: Int, value: UInt64)>,
    with original: some Sequence<(key: Int, value: UInt64)>
  ) -> TruthReport {
    let keeper = TruthKeeper()
    for row in original { keeper.acknowledge(row.key, row.value) }
    return keeper.judge(copy)
  }

  /// `3 lost, 0 doubled, 1 diverged, 0 invented`
  public var description: String {
    "\(lost.count) lost, \(doubled.count) doubled, \(diverged.count) diverged, "
      + "\(invented.count) invented"
  }

  func sorted() -> TruthReport {
    var report = self
    report.lost.sort()
    report.doubled.sort()
    report.diverged.sort()
    report.invented.sort()
    return report
  }
}
