import Simulation

/// How a consumer groups events into calls.
struct Batching: Equatable, Sendable {
  /// Seconds of a call, and of each event in it.
  static let (call, event) = (0.0004, 0.00004)

  /// Events of a call at most.
  let most: Int
  /// Seconds that the oldest event waits for others, unless the batch is full.
  let wait: Double

  /// Simulates the consumer on events at random times. A call begins when the consumer is free and
  /// the oldest event has waited long enough, or the batch is full.
  /// - Parameters:
  ///   - rate: events per second.
  ///   - emptyCall: seconds of a call without work: the round trip.
  /// - Returns: mean seconds from an event to the end of its call.
  func meanDelay(rate: Double, emptyCall: Double, seed: UInt64) -> Double {
    var gaps = RandomStream(seed: seed, "gaps")
    var (arrivals, time): ([Double], Double) = ([], gaps.exponential(mean: 1 / rate))
    while time < EventConsumer.window {
      arrivals.append(time)
      time += gaps.exponential(mean: 1 / rate)
    }
    var (free, first, sum) = (0.0, 0, 0.0)
    while first < arrivals.count {
      let full = first + most - 1 < arrivals.count ? arrivals[first + most - 1] : .infinity
      let start = max(free, min(arrivals[first] + wait, max(full, arrivals[first])))
      var end = first
      while end < arrivals.count, end - first < most, arrivals[end] <= start { end += 1 }
      free = start + emptyCall + Self.call + Self.event * Double(end - first)
      for event in first..<end { sum += free - arrivals[event] }
      first = end
    }
    return sum / Double(max(1, arrivals.count))
  }
}
