import Results
import Statistics

/// Which blocks were timed on a core that another guest or process shared.
///
/// What a core can do is what the best process of this point has seen of it; for the measuring core
/// the machine's numbers say it as well. A share of it is all that a busy neighbour on the core's
/// other hardware thread leaves. Each member of a team has a core of its own, which may be of
/// another kind.
struct CoreShare {
  /// Less than this share of what the core can do counts as shared. A reading strays by a few
  /// percent; a neighbour that keeps its thread busy takes a third to a half.
  static let noticeable = 0.8
  /// At this share and above the core was all its own, for a number that is to hold for any core. On
  /// a core whose neighbour came and went within a tenth of a millisecond, half of the samples with
  /// four fifths before and after were slowed by a tenth and more, and one in twenty with this share.
  static let undisturbed = 0.93
  /// For a median that one reading does not decide.
  private static let enoughBlocks = 3

  /// Additions in a cycle, by member, the measuring thread first; 0 or missing where nothing is
  /// known yet.
  private(set) var best: [Double] = []

  /// Nothing is known of any core.
  init() {}

  init(_ machine: Machine) {
    guard let cycle = machine.numbers["add.integer.latency"]?.quantity.estimate,
      let addition = machine.numbers["add.integer.throughput"]?.quantity.estimate, addition > 0
    else { return }
    best = [cycle / addition]
  }

  /// Takes what a process has seen, the median of its blocks where there are several: a single
  /// reading may be too high, where something made the cycle seem long.
  mutating func learn(from record: ProcessRecord) {
    learn(from: record.blocks.map(\.additionsPerCycle))
  }

  /// The same of a process's readings.
  /// - Parameter readings: by member.
  mutating func learn(from readings: [[Double]]) {
    for member in 0..<(readings.map(\.count).max() ?? 0) {
      let own = readings.filter { $0.count > member }.map { $0[member] }
      guard own.count >= Self.enoughBlocks else { continue }
      learn(own.median(), of: member)
    }
  }

  /// The same of the medians of a process's readings.
  /// - Parameter median: by member.
  mutating func learn(median: [Double]) {
    for (member, additions) in median.enumerated() { learn(additions, of: member) }
  }

  private mutating func learn(_ additions: Double, of member: Int) {
    best += repeatElement(0, count: max(0, member + 1 - best.count))
    best[member] = max(best[member], additions)
  }

  /// Whether the core of any member was shared.
  /// - Parameter additionsPerCycle: by member.
  func isShared(_ additionsPerCycle: [Double]) -> Bool {
    share(additionsPerCycle) < Self.noticeable
  }

  /// What the cores did of what they can do, that of the member with the lowest share; 1 where nothing
  /// is known.
  /// - Parameter additionsPerCycle: by member.
  func share(_ additionsPerCycle: [Double]) -> Double {
    zip(additionsPerCycle, best).map { $1 > 0 ? $0 / $1 : 1 }.min() ?? 1
  }

  /// The lowest reading of each member; one of a smaller team says nothing of the other members.
  static func lowest(_ readings: [[Double]]) -> [Double] {
    readings.reduce(into: []) { lowest, reading in
      lowest =
        zip(lowest, reading).map { min($0, $1) } + lowest.dropFirst(reading.count)
        + reading.dropFirst(lowest.count)
    }
  }
}
