/// What calls of a kernel were counted to ask of the runtime or of the system, in several processes.
public struct CallCount: Equatable, Sendable, Codable {
  /// `retains`, `page faults`.
  public var name: String
  /// Of each call that was counted; empty where nothing could be.
  public var values: [Double]
  /// Why nothing could be counted; nil where something was.
  public var unavailable: String?

  /// Counts of calls, or the reason why there are none.
  public init(name: String, values: [Double], unavailable: String? = nil) {
    self.name = name
    self.values = values
    self.unavailable = unavailable
  }

  /// Whether every call gave the same.
  public var isExact: Bool { !values.isEmpty && values.allSatisfy { $0 == values[0] } }

  /// The fewest and the most; nil where nothing was counted.
  public var range: ClosedRange<Double>? {
    guard let low = values.min(), let high = values.max() else { return nil }
    return low...high
  }

  /// Counts of the same name from several processes.
  public static func merged(_ all: [[CallCount]]) -> [CallCount] {
    guard let first = all.first else { return [] }
    return first.map { count in
      let same = all.compactMap { $0.first { $0.name == count.name } }
      return CallCount(
        name: count.name, values: same.flatMap(\.values),
        unavailable: same.compactMap(\.unavailable).first)
    }
  }
}
