import Results

/// The customers of a simulated system, one after another.
enum Customers {
  /// In one replication.
  static let count = 400_000
  /// Left out at the beginning, while the queues fill.
  private static let warmUp = 40_000

  /// The mean response time. `respond` gives the nanoseconds of each customer, in the order of
  /// arrival.
  static func meanResponse(_ respond: () -> Double) -> Counter {
    var total = 0.0
    for customer in 0..<count {
      let response = respond()
      if customer >= warmUp { total += response }
    }
    return Counter(total / Double(count - warmUp), unit: .nanoseconds)
  }
}
