import Statistics

/// When requests are due: computed before a load starts, so that no answer can delay one.
///
/// Times are nanoseconds from the start of the load, ascending. The same seed and stream give the
/// same times on every machine; other streams are independent of them.
public struct Arrivals: Sendable, Equatable {
  /// Of each request.
  public let times: [UInt64]
  /// Nanoseconds of the whole schedule; no request is due later.
  public let duration: UInt64

  /// A schedule that was recorded: requests at these times, in any order.
  /// - Parameter duration: the last time where nil.
  public init(recorded times: [UInt64], duration: UInt64? = nil) {
    self.times = times.sorted()
    self.duration = max(duration ?? 0, self.times.last ?? 0)
  }

  /// One request after the other at equal distances.
  /// - Parameters:
  ///   - rate: requests per second.
  ///   - seconds: of the schedule.
  public static func constant(rate: Double, seconds: Double) -> Arrivals {
    let count = Int((rate * seconds).rounded(.down))
    return Arrivals(
      recorded: (0..<count).map { UInt64(Double($0) / rate * 1e9) }, duration: nanoseconds(seconds))
  }

  /// Independent requests at a constant rate: exponential distances.
  /// - Parameters:
  ///   - rate: requests per second.
  ///   - seconds: of the schedule.
  public static func poisson(
    rate: Double, seconds: Double, seed: UInt64, stream: UInt64 = 0
  ) -> Arrivals {
    diurnal(rate: { _ in rate }, highest: rate, seconds: seconds, seed: seed, stream: stream)
  }

  /// Independent requests at a rate that swings between two values and is lowest at the start, as
  /// the load of a day does: `low + (high − low) · (1 − cos 2πt ÷ period) ÷ 2`.
  /// - Parameters:
  ///   - low, high: requests per second.
  ///   - period: seconds of a day.
  ///   - seconds: of the schedule.
  public static func diurnal(
    from low: Double, to high: Double, period: Double, seconds: Double, seed: UInt64,
    stream: UInt64 = 0
  ) -> Arrivals {
    diurnal(
      rate: { low + (high - low) * (1 - cosine(2 * .pi * $0 / period)) / 2 }, highest: high,
      seconds: seconds, seed: seed, stream: stream)
  }

  /// Requests at the highest rate, each kept with the probability that makes the rate right.
  ///
  /// Source: Lewis and Shedler, *Simulation of nonhomogeneous Poisson processes by thinning*,
  /// Naval Research Logistics Quarterly 26(3), 1979.
  private static func diurnal(
    rate: (Double) -> Double, highest: Double, seconds: Double, seed: UInt64, stream: UInt64
  ) -> Arrivals {
    var random = SeededGenerator(seed: seed, stream: 0xA221_7A15 &+ stream)
    var times: [UInt64] = []
    times.reserveCapacity(Int(highest * seconds * 1.1) + 16)
    var time = 0.0
    while highest > 0 {
      time += random.exponential() / highest
      guard time < seconds else { break }
      if random.share() * highest < rate(time) { times.append(UInt64(time * 1e9)) }
    }
    return Arrivals(recorded: times, duration: nanoseconds(seconds))
  }

  private static func nanoseconds(_ seconds: Double) -> UInt64 { UInt64(max(0, seconds) * 1e9) }
}
