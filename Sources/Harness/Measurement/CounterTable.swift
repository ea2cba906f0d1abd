import Platform
import Results

/// The counters of a variant as they stand in the results.
enum CounterTable {
  /// What the worker reads of the kernel's accounts around every sample, per kernel call.
  private static let accounts: [(name: String, unit: Unit)] = [
    ("user time", .nanoseconds), ("system time", .nanoseconds), ("cpu time", .nanoseconds),
    ("run delay", .nanoseconds), ("voluntary switches", .count),
    ("involuntary switches", .count), ("minor faults", .count), ("major faults", .count),
    ("migrations", .count),
  ]

  /// - Parameters:
  ///   - counters: per call; an account that is missing stayed at zero. Nil where no kernel ran.
  ///   - reports: what the kernel reported, as it is.
  static func merge(
    _ counters: [String: Double]?, reports: [String: Double], units: [String: Unit],
    unavailable: [String: String]
  ) -> [String: Counter] {
    var table = counters.map { accounts($0, unavailable: unavailable) } ?? [:]
    for (name, value) in reports {
      table[name] = Counter(value, unit: units[name] ?? .count)
    }
    return table
  }

  private static func accounts(
    _ counters: [String: Double], unavailable: [String: String]
  ) -> [String: Counter] {
    var table: [String: Counter] = [:]
    for (name, unit) in accounts { table[name] = Counter(counters[name] ?? 0, unit: unit) }
    let user = counters["user time"] ?? 0
    let system = counters["system time"] ?? 0
    if user + system > 0 {
      table["system share"] = Counter(100 * system / (user + system), unit: .share)
    }
    for event in CounterEvent.hardware {
      if let reason = unavailable[event.label] {
        table[event.label] = Counter(unavailable: reason)
      } else if let count = counters[event.label] {
        table[event.label] = Counter(count, unit: .count)
      }
    }
    return table
  }
}
