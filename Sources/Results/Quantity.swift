/// A unit as it is written behind a number: `ns`, `B`, `GB/s`. The empty string is a pure number.
public struct Unit: RawRepresentable, Hashable, Sendable, Codable {
  /// What is written behind the number.
  public let rawValue: String
  /// Any text; the constants below are those that figures scale by themselves.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// Time.
  public static let nanoseconds = Unit(rawValue: "ns")
  /// Size.
  public static let bytes = Unit(rawValue: "B")
  /// Bandwidth.
  public static let bytesPerSecond = Unit(rawValue: "B/s")
  /// Throughput.
  public static let operationsPerSecond = Unit(rawValue: "op/s")
  /// Floating-point throughput.
  public static let floatOperationsPerSecond = Unit(rawValue: "FLOP/s")
  /// A pure number.
  public static let count = Unit(rawValue: "")
  /// Hundredths.
  public static let share = Unit(rawValue: "%")
  /// Money over a month of 730 hours.
  public static let dollarsPerMonth = Unit(rawValue: "$/month")
}

/// A closed interval around an estimate. `low ≤ estimate ≤ high`.
public struct Interval: Equatable, Sendable, Codable {
  /// The likeliest value.
  public var estimate: Double
  /// The lower end.
  public var low: Double
  /// The upper end.
  public var high: Double

  /// The ends are not put in order.
  public init(estimate: Double, low: Double, high: Double) {
    self.estimate = estimate
    self.low = low
    self.high = high
  }

  /// Whether the value lies between the ends, or on one.
  public func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// A measured quantity: estimate, interval and unit. Times are nanoseconds, sizes bytes.
public struct Quantity: Equatable, Sendable, Codable {
  /// The likeliest value.
  public var estimate: Double
  /// The lower end.
  public var low: Double
  /// The upper end.
  public var high: Double
  /// Of all three.
  public var unit: Unit

  /// An interval with its unit.
  public init(_ interval: Interval, unit: Unit) {
    estimate = interval.estimate
    low = interval.low
    high = interval.high
    self.unit = unit
  }

  /// Without the unit.
  public var interval: Interval { Interval(estimate: estimate, low: low, high: high) }
}
