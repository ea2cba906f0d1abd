/// A unit as it is written behind a number: `ns`, `B`, `GB/s`. The empty string is a pure number.
public struct Unit: RawRepresentable, Hashable, Sendable, Codable {
  public let rawValue: String
  public init(rawValue: String) { self.rawValue = rawValue }

  public static let nanoseconds = Unit(rawValue: "ns")
  public static let bytes = Unit(rawValue: "B")
  public static let bytesPerSecond = Unit(rawValue: "B/s")
  public static let operationsPerSecond = Unit(rawValue: "op/s")
  public static let floatOperationsPerSecond = Unit(rawValue: "FLOP/s")
  public static let count = Unit(rawValue: "")
  public static let share = Unit(rawValue: "%")
}

/// A closed interval around an estimate. `low ≤ estimate ≤ high`.
public struct Interval: Hashable, Sendable, Codable {
  public var estimate: Double
  public var low: Double
  public var high: Double

  public init(estimate: Double, low: Double, high: Double) {
    self.estimate = estimate
    self.low = low
    self.high = high
  }

  public func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// A measured quantity: estimate, interval and unit. Times are nanoseconds, sizes bytes.
public struct Quantity: Hashable, Sendable, Codable {
  public var estimate: Double
  public var low: Double
  public var high: Double
  public var unit: Unit

  public init(_ interval: Interval, unit: Unit) {
    estimate = interval.estimate
    low = interval.low
    high = interval.high
    self.unit = unit
  }

  public var interval: Interval { Interval(estimate: estimate, low: low, high: high) }
}
