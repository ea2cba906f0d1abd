/// What the counters stood at. Two readings of one `Counters` subtract to what happened between.
public struct CounterReading: Equatable, Sendable {
  /// An event as the kernel gives it.
  struct Raw: Equatable, Sendable {
    var value: UInt64
    /// Nanoseconds in which it was to be counted.
    var enabled: UInt64
    /// Nanoseconds in which it was.
    var running: UInt64
  }

  /// By place in `CounterEvent.allCases`; nil where the event is not counted.
  var raw: [Raw?]
  /// Why events are missing.
  var unavailable: [CounterUnavailable]

  /// An event's count, or why there is none.
  public subscript(event: CounterEvent) -> Result<CounterValue, CounterUnavailable> {
    guard let index = CounterEvent.allCases.firstIndex(of: event), let raw = raw[index] else {
      return .failure(
        unavailable.first { $0.event == event } ?? CounterUnavailable(event: event, errno: -1))
    }
    if raw.running == 0 && raw.enabled > 0 {
      return .failure(CounterUnavailable(event: event, errno: 0))
    }
    let isMultiplexed = raw.running < raw.enabled
    let scale = isMultiplexed ? Double(raw.enabled) / Double(raw.running) : 1
    return .success(CounterValue(count: Double(raw.value) * scale, isMultiplexed: isMultiplexed))
  }

  /// What happened from `earlier` to `later`.
  public static func - (later: Self, earlier: Self) -> Self {
    var difference = later
    for index in difference.raw.indices {
      guard let after = later.raw[index], let before = earlier.raw[index] else {
        difference.raw[index] = nil
        continue
      }
      difference.raw[index] = Raw(
        value: after.value &- before.value, enabled: after.enabled &- before.enabled,
        running: after.running &- before.running)
    }
    return difference
  }
}

/// How often an event happened.
public struct CounterValue: Equatable, Sendable {
  /// The count; nanoseconds for `task-clock`. Scaled up where it was multiplexed.
  public let count: Double
  /// It was counted for a part of the time only, because the processor has too few counters: the
  /// count is an estimate.
  public let isMultiplexed: Bool
}
