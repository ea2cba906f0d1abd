/// A count of one variant's calls that is not the same on both sides.
public struct ABCountChange: Equatable, Sendable, Codable {
  /// `area/name`.
  public var experiment: String
  /// As the experiment declares it.
  public var variant: String
  /// On the first side.
  public var before: CallCount
  /// On the second side.
  public var after: CallCount

  /// A count on both sides; nil where it is the same, or where either could not be counted. Of a
  /// count that varies, ranges that meet are the same.
  public init?(experiment: String, variant: String, before: CallCount, after: CallCount) {
    guard let one = before.range, let other = after.range, !one.overlaps(other) else { return nil }
    self.experiment = experiment
    self.variant = variant
    self.before = before
    self.after = after
  }

  /// Whether every call gave the same on either side: one that varies is shown and not judged.
  public var isExact: Bool { before.isExact && after.isExact }

  /// Whether an exact count rose by more than a share.
  public func hasRisen(by share: Double) -> Bool {
    guard isExact, let one = before.range, let other = after.range else { return false }
    return other.upperBound > one.upperBound * (1 + share)
  }
}

extension ABComparison {
  /// Exact counts that rose by more than a share.
  public func risen(by share: Double) -> [ABCountChange] {
    counts.filter { $0.hasRisen(by: share) }
  }
}
