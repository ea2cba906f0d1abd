import CPerflab

/// The monotonic raw clock: never stepped, never slewed.
public enum Clock {
  /// Nanoseconds since some fixed moment.
  @inlinable
  public static func now() -> UInt64 { perflab_now() }

  /// What the clock itself costs here and how finely it counts. Takes about a millisecond.
  public static func cost() -> ClockCost {
    let batches = 32
    let reads = 1_000
    var cheapest = UInt64.max
    var smallestStep = UInt64.max
    for _ in 0..<batches {
      let start = now()
      var previous = start
      for _ in 0..<reads {
        let time = now()
        // Two readings that are equal say only that the clock is coarser than itself is slow.
        if time > previous { smallestStep = min(smallestStep, time - previous) }
        previous = time
      }
      // Whatever interrupts a batch makes it dearer: the cheapest is the clock's own.
      cheapest = min(cheapest, previous - start)
    }
    return ClockCost(
      nanosecondsPerRead: Double(cheapest) / Double(reads),
      smallestStepNanoseconds: smallestStep == .max ? nil : smallestStep)
  }
}

/// The clock's own measure.
public struct ClockCost: Equatable, Sendable {
  /// Nanoseconds that one reading takes, back to back.
  public let nanosecondsPerRead: Double
  /// The smallest difference seen between two readings in a row, in nanoseconds; nil where the
  /// clock stood still all the time.
  public let smallestStepNanoseconds: UInt64?
}
