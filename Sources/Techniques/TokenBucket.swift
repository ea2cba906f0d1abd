/// Limits how often something happens: tokens come in at a constant rate, up to a limit, and each
/// event takes some.
///
/// Over a long time no more than `rate` events per second pass; at once no more than `capacity`. The
/// caller says what time it is, so that a bucket needs no thread and no clock of its own.
///
///     var bucket = TokenBucket(rate: 100, capacity: 10, at: now)
///     guard bucket.take(at: now) else { return reject() }
///
/// For one thread at a time.
///
/// Source: Turner, *New directions in communications*, IEEE Communications Magazine 24(10), 1986.
public struct TokenBucket: Sendable {
  /// Tokens per second.
  public let rate: Double
  /// Tokens at most; a bucket begins full.
  public let capacity: Double
  private var tokens: Double
  private var last: UInt64

  /// - Parameters:
  ///   - rate: tokens per second.
  ///   - capacity: tokens at most.
  ///   - now: nanoseconds of any clock that never goes back.
  public init(rate: Double, capacity: Double, at now: UInt64) {
    self.rate = rate
    self.capacity = capacity
    tokens = capacity
    last = now
  }

  /// Takes tokens where there are enough.
  /// - Returns: whether there were.
  public mutating func take(_ count: Double = 1, at now: UInt64) -> Bool {
    if now > last {
      tokens = min(capacity, tokens + Double(now - last) * rate / 1e9)
      last = now
    }
    guard tokens >= count else { return false }
    tokens -= count
    return true
  }
}
