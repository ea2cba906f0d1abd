import CPerflab

/// How much of its core a thread has to itself: the additions that the core does in a cycle.
///
/// A core whose other hardware thread is busy deals its cycles out to both, and a guest is not told:
/// its own system counts no such thread, no time is stolen, nothing is switched. What it can see is
/// that a loop which could fill the core gets less done. The cycle is that of a chain of additions
/// beside it, which a neighbour hardly slows, so that a clock that rises or falls does not count.
public enum CoreGauge {
  /// Additions of each of the two loops: about a microsecond of either.
  private static let (chained, apart): (Int64, Int64) = (64, 320)

  /// Additions in a cycle, at this moment, on this thread's core. Takes some two microseconds.
  /// One interrupt is enough to spoil it: take several.
  public static func additionsPerCycle() -> Double {
    // What ran before may have driven the loops' own code out of the caches.
    perflab_additions_chained(1)
    perflab_additions_apart(1)
    _ = Clock.now()
    let start = Clock.now()
    perflab_additions_chained(chained)
    let middle = Clock.now()
    perflab_additions_apart(apart)
    let end = Clock.now()
    let cycle = Double(middle - start) / Double(chained)
    let addition = Double(end - middle) / Double(apart)
    return addition > 0 ? cycle / addition : 0
  }
}
