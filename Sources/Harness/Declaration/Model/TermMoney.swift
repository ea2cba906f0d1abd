// Rates, and what they cost.

extension Term<PerSecond> {
  /// So many in an hour.
  public static func perHour(_ count: Double) -> Term<PerSecond> { .exactly(count / 3600) }

  /// The share of one core, or server, that is busy: the utilisation law (Denning and Buzen, ACM
  /// Computing Surveys 10(3), 1978).
  public static func * (rate: Term<PerSecond>, each: Time) -> Ratio {
    Ratio(TermNode.product(of: .constant(1e-9), TermNode.product(of: rate.node, each.node)))
  }
}

extension Term<DollarsPerHour> {
  /// Over a month of 730 hours.
  public var perMonth: Term<DollarsPerMonth> {
    Term<DollarsPerMonth>(TermNode.product(of: .constant(730), node))
  }
}

extension Term<Bytes> {
  /// So many times 2³⁰ bytes.
  public var gibibytes: Ratio { Ratio(TermNode.product(of: .constant(0x1p-30), node)) }
}
