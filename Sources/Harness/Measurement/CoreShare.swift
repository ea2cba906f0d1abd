import Results
import Statistics

/// Which blocks were timed on a core that another guest or process shared.
///
/// What the core can do follows from the machine's numbers, or is what the best process of this
/// point has seen: a share of it is all that a busy neighbour on the core's other hardware thread
/// leaves.
struct CoreShare {
  /// Less than this share of what the core can do counts as shared. A reading strays by a few
  /// percent; a neighbour that keeps its thread busy takes a third to a half.
  static let noticeable = 0.8
  /// For a median that one reading does not decide.
  private static let enoughBlocks = 3

  /// Additions in a cycle; 0 where nothing is known yet.
  private(set) var best: Double

  /// - Parameter best: what is known of the core; 0 where nothing is.
  init(best: Double) { self.best = best }

  init(_ machine: Machine) {
    guard let cycle = machine.numbers["add.integer.latency"]?.quantity.estimate,
      let addition = machine.numbers["add.integer.throughput"]?.quantity.estimate, addition > 0
    else {
      best = 0
      return
    }
    best = cycle / addition
  }

  /// Takes what a process has seen, the median of its blocks where there are several: a single
  /// reading may be too high, where something made the cycle seem long.
  mutating func learn(from record: ProcessRecord) {
    learn(from: record.blocks.map(\.additionsPerCycle))
  }

  /// The same of a process's readings.
  mutating func learn(from readings: [Double]) {
    if readings.count >= Self.enoughBlocks { best = max(best, readings.median()) }
  }

  /// Whether a core that did so many additions per cycle was shared.
  func isShared(_ additionsPerCycle: Double) -> Bool {
    additionsPerCycle < Self.noticeable * best
  }
}
