import Results

extension Counter {
  /// A share, 0 to 1, in percent.
  static func share(_ share: Double) -> Counter { Counter(100 * share, unit: .share) }

  /// Seconds as the unit of results.
  static func seconds(_ seconds: Double) -> Counter { Counter(seconds * 1e9, unit: .nanoseconds) }

  /// A number of things.
  static func count(_ count: Double) -> Counter { Counter(count, unit: .count) }
}
