/// What a load has found.
public struct LoadResult: Sendable, Equatable {
  /// Requests that were due.
  public internal(set) var asked = 0
  /// Attempts that were sent: more than `asked` with retries and hedges.
  public internal(set) var sent = 0
  /// Requests that succeeded.
  public internal(set) var answered = 0
  /// Requests that did not.
  public internal(set) var failed = 0
  /// Nanoseconds of each request that succeeded, in the order of answers: from the time that it was
  /// due, or from the time that it was sent in a closed loop.
  public internal(set) var latencies: [Int] = []
  /// Nanoseconds from the time that a request was due until the generator turned to it.
  public internal(set) var lateness: [Int] = []
  /// Nanoseconds from the start to the last answer.
  public internal(set) var duration: UInt64 = 0
  /// Of all answers that counted; does not depend on their order.
  public internal(set) var digest: UInt64 = 0

  /// The generator's own delay that 99% of requests did not exceed, in nanoseconds.
  public var latenessP99: Int { Self.quantile(lateness, 0.99) ?? 0 }

  /// The latency that this share of the successful requests did not exceed, in nanoseconds; nil
  /// without any.
  public func latency(at share: Double) -> Int? { Self.quantile(latencies, share) }

  static func mixed(_ digest: UInt64) -> UInt64 { digest &* 0x9E37_79B9_7F4A_7C15 }

  private static func quantile(_ values: [Int], _ share: Double) -> Int? {
    guard !values.isEmpty else { return nil }
    let rank = Int((share * Double(values.count) * (1 - 1e-12)).rounded(.up))
    return values.sorted()[max(1, rank) - 1]
  }
}
