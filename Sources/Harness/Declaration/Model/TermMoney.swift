import Results

// Prices, amounts, and what they come to.

/// What is billed by the amount used in a month.
public protocol Billed: TermUnit {}

/// Hours.
public enum Hours: Billed {
  /// `h`
  public static let unit = Unit(rawValue: "h")
}
/// Gigabytes moved, read or written, as they are billed: 2³⁰ bytes.
public enum Gigabytes: Billed {
  /// `GB`
  public static let unit = Unit(rawValue: "GB")
}
/// Gigabytes of 2³⁰ bytes that are kept for a month.
public enum GigabyteMonths: Billed {
  /// `GB-month`
  public static let unit = Unit(rawValue: "GB-month")
}
/// Gigabytes of memory for an hour.
public enum GigabyteHours: Billed {
  /// `GB-h`
  public static let unit = Unit(rawValue: "GB-h")
}
/// What is billed for each month that it exists.
public enum Months: Billed {
  /// `months`
  public static let unit = Unit(rawValue: "months")
}
/// Gigabytes of a function's memory for a second.
public enum GigabyteSeconds: Billed {
  /// `GB-s`
  public static let unit = Unit(rawValue: "GB-s")
}
/// Requests, messages, keys: what is counted.
public enum Requests: Billed {
  /// `requests`
  public static let unit = Unit(rawValue: "requests")
}
/// Terabytes that a query reads: 2⁴⁰ bytes.
public enum Terabytes: Billed {
  /// `TB`
  public static let unit = Unit(rawValue: "TB")
}

/// Dollars for one of what is billed.
public enum DollarsPer<Amount: Billed>: TermUnit {
  /// `$/GB`
  public static var unit: Unit { Unit(rawValue: "$/\(Amount.unit.rawValue)") }
}
/// Dollars an hour.
public typealias DollarsPerHour = DollarsPer<Hours>

/// Dollars a month.
public typealias Bill = Term<DollarsPerMonth>

/// A price for the amount of a month.
public func * <Amount: Billed>(price: Term<DollarsPer<Amount>>, amount: Term<Amount>) -> Bill {
  Bill(TermNode.product(of: price.node, amount.node))
}

/// An amount of a month at its price.
public func * <Amount: Billed>(amount: Term<Amount>, price: Term<DollarsPer<Amount>>) -> Bill {
  price * amount
}

extension Term<PerSecond> {
  /// So many in an hour.
  public static func perHour(_ count: Double) -> Term<PerSecond> { .exactly(count / 3600) }

  /// The share of one core, or server, that is busy: the utilisation law (Denning and Buzen, ACM
  /// Computing Surveys 10(3), 1978).
  public static func * (rate: Term<PerSecond>, each: Time) -> Ratio {
    Ratio(TermNode.product(of: .constant(1e-9), TermNode.product(of: rate.node, each.node)))
  }

  /// In a month of 730 hours.
  public var perMonth: Term<Requests> {
    Term<Requests>(TermNode.product(of: .constant(730 * 3600), node))
  }
}

extension Term<DollarsPerHour> {
  /// Over a month of 730 hours.
  public var perMonth: Bill { Bill(TermNode.product(of: .constant(730), node)) }

  /// The price of a time, such as that of a core for some CPU.
  public static func * (price: Term, time: Time) -> Term<Dollars> {
    Term<Dollars>(
      TermNode.product(of: .constant(1 / 3600e9), TermNode.product(of: price.node, time.node)))
  }
}

/// Dollars.
public enum Dollars: TermUnit {
  /// `$`
  public static let unit = Unit(rawValue: "$")
}

extension Term<Dollars> {
  /// So many times a month.
  public static func * (each: Term<Dollars>, times: Term<Requests>) -> Bill {
    Bill(TermNode.product(of: each.node, times.node))
  }
  /// So many times a month.
  public func times(_ count: Ratio) -> Bill { Bill(TermNode.product(of: count.node, node)) }
  /// So many times a month.
  public func times(_ count: Double) -> Bill { times(.exactly(count)) }
}

extension Term<Bytes> {
  /// So many times 2³⁰ bytes.
  public var gibibytes: Ratio { Ratio(TermNode.product(of: .constant(0x1p-30), node)) }
  /// As they are billed when they move.
  public var moved: Term<Gigabytes> {
    Term<Gigabytes>(TermNode.product(of: .constant(0x1p-30), node))
  }
  /// As they are billed when they are kept for a month.
  public var kept: Term<GigabyteMonths> {
    Term<GigabyteMonths>(TermNode.product(of: .constant(0x1p-30), node))
  }
}

extension Term where U: Billed {
  /// Pure numbers as an amount.
  public init(_ count: Ratio) { self.init(count.node) }
  /// Without the unit: for the arguments of a function.
  public var count: Ratio { Ratio(node) }
}

extension Term<Requests> {
  /// So many bytes each.
  public static func * (count: Term<Requests>, each: Size) -> Size {
    Size(TermNode.product(of: count.node, each.node))
  }
  /// The CPU time of all of them.
  public static func * (count: Term<Requests>, each: Time) -> Time {
    Time(TermNode.product(of: count.node, each.node))
  }
}

extension Term<Nanoseconds> {
  /// As hours of a month, such as those of a core.
  public var hours: Term<Hours> {
    Term<Hours>(TermNode.product(of: .constant(1 / 3600e9), node))
  }
}
