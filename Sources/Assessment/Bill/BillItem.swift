/// What a bill charges for one thing: all lines of one resource, meter and way of paying together.
public struct BillItem: Sendable, Equatable {
  /// How it is paid for.
  public enum Payment: String, Sendable {
    case onDemand = "on demand"
    case committed
    case spot
    /// Of a commitment that nobody used.
    case unusedCommitment = "unused commitment"
    /// Taxes, credits, fees.
    case other
  }

  /// As the provider calls it.
  public var service: String
  /// FOCUS's category, or derived from the service.
  public var category: String
  /// Empty where the line is for none.
  public var resource: String
  /// What is charged: description, usage type or meter.
  public var meter: String
  /// Of the machine, such as `m5.2xlarge`; empty elsewhere.
  public var type: String
  /// How it is paid for.
  public var payment: Payment
  /// As the bill writes them, such as `env=dev`.
  public var tags: String
  /// Of the consumption; empty where unknown.
  public var unit: String
  /// Dollars of the whole bill.
  public var cost: Double
  /// In the unit.
  public var quantity: Double
}

/// A bill: what it charges, and for how long.
public struct Bill: Sendable {
  /// The largest first.
  public let items: [BillItem]
  /// Months that it is of, as its periods say; 1 where they say nothing.
  public let months: Double
  /// The columns that it was read by.
  public let format: String
  /// Lines.
  public let lines: Int
  /// What was left out, one line each.
  public let notes: [String]

  /// Dollars a month.
  public var monthly: Double { items.reduce(0) { $0 + $1.cost } / months }

  /// - Parameters:
  ///   - items: in any order.
  ///   - months: above 0.
  public init(
    _ items: [BillItem], months: Double, format: String, lines: Int, notes: [String] = []
  ) {
    self.items = items.sorted {
      ($0.cost, $1.resource, $1.meter) > ($1.cost, $0.resource, $0.meter)
    }
    (self.months, self.format, self.lines, self.notes) = (months, format, lines, notes)
  }

  /// Dollars a month by the value of a property, the largest first.
  public func monthly(by property: (BillItem) -> String) -> [(name: String, dollars: Double)] {
    var sums: [String: Double] = [:]
    for item in items { sums[property(item), default: 0] += item.cost / months }
    return sums.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.map { ($0.key, $0.value) }
  }
}
