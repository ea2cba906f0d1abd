import CPerflab

/// How much of its core a thread has to itself: the additions that the core does in a cycle.
///
/// A core whose other hardware thread is busy shares its cycles between both, unseen by a guest:
/// its own system counts no such thread, no time is stolen, nothing is switched. What it can see is
/// that a loop which could fill the core gets less done. The cycle is that of a chain of additions
/// beside it, which a neighbour hardly slows, so that a clock that rises or falls does not count.
public enum CoreGauge {
  /// Rounds of each of the two loops: half a microsecond of either.
  private static let (chained, apart): (Int64, Int64) = (32, 160)

  /// What a core does at a moment.
  public struct Reading: Equatable, Sendable {
    /// Additions in a cycle.
    public var additionsPerCycle: Double
    /// Nanoseconds of a cycle, with a few percent for reading the clock: to be compared with other
    /// readings.
    public var cycle: Double

    /// Puts the properties together.
    public init(additionsPerCycle: Double, cycle: Double) {
      self.additionsPerCycle = additionsPerCycle
      self.cycle = cycle
    }
  }

  /// This thread's core at this moment. Takes some three microseconds.
  public static func read() -> Reading {
    // What ran before may have driven the loops' own code out of the caches.
    perflab_additions_chained(1)
    perflab_additions_apart(1)
    var (chain, both) = (UInt64.max, UInt64.max)
    // An interrupt makes one of them longer, never shorter.
    for _ in 0..<3 {
      let start = Clock.now()
      perflab_additions_chained(chained)
      let middle = Clock.now()
      perflab_additions_apart(apart)
      chain = min(chain, middle - start)
      both = min(both, Clock.now() - middle)
    }
    // A round of either has as many additions.
    let cycle = Double(chain) / Double(chained)
    let addition = Double(both) / Double(apart)
    return Reading(
      additionsPerCycle: addition > 0 ? cycle / addition : 0,
      cycle: cycle / Double(PERFLAB_INSTRUCTIONS_A_ROUND))
  }
}
