import Results

/// What is compared.
public enum Metric: Sendable, Equatable {
  /// Wall time of a kernel call; less is better.
  case time
  /// A quantity that the variant's `report` gives under this name; above 0.
  case reported(String, unit: Unit, lowerIsBetter: Bool)
  /// A percentile of what the variant observes in a process; less is better. Every process needs
  /// enough observations that at least ten lie beyond it: 1,000 for the 99th.
  case percentile(Double, of: String, unit: Unit)

  /// So many in a second; more is better.
  public static func rate(_ name: String) -> Metric {
    .reported(name, unit: .operationsPerSecond, lowerIsBetter: false)
  }

  /// A share in percent.
  public static func share(_ name: String, lowerIsBetter: Bool) -> Metric {
    .reported(name, unit: .share, lowerIsBetter: lowerIsBetter)
  }

  /// A size; less is better.
  public static func bytes(_ name: String) -> Metric {
    .reported(name, unit: .bytes, lowerIsBetter: true)
  }

  /// Money over a month; less is better.
  public static func dollars(_ name: String) -> Metric {
    .reported(name, unit: .dollarsPerMonth, lowerIsBetter: true)
  }

  /// The largest load that keeps a service level; more is better.
  /// - Parameter unit: of the load: `users`, `op/s`.
  public static func capacity(_ name: String, unit: Unit) -> Metric {
    .reported(name, unit: unit, lowerIsBetter: false)
  }

  /// As it stands in the results.
  public var record: MetricRecord {
    switch self {
    case .time: .time
    case .reported(let name, let unit, let lowerIsBetter):
      MetricRecord(name: name, unit: unit, lowerIsBetter: lowerIsBetter)
    case .percentile(let percentile, let name, let unit):
      MetricRecord(
        name: "p\(percentile.brief) \(name)", unit: unit, lowerIsBetter: true,
        percentile: percentile)
    }
  }
}
