/// Limits retries to a share of the requests, so that they can't multiply an overload.
///
/// Each request earns a part of a token and each retry takes one. A client whose requests mostly
/// succeed may retry all that fail; one whose requests all fail adds no more than the share.
///
///     var budget = RetryBudget(share: 0.1)
///     budget.request()
///     if failed, budget.takeRetry() { … }
///
/// For one thread at a time.
///
/// Source: Twitter's Finagle, `RetryBudget`; Beyer et al., *Site Reliability Engineering*, O'Reilly
/// 2016, chapter 21.
public struct RetryBudget: Sendable {
  /// Retries for each request.
  public let share: Double
  /// Tokens that are saved at most.
  public let capacity: Double
  private var tokens: Double

  /// - Parameters:
  ///   - share: retries for each request: 0.1 for one in ten.
  ///   - capacity: retries at once at most, and at the beginning.
  public init(share: Double, capacity: Double = 10) {
    self.share = share
    self.capacity = capacity
    tokens = capacity
  }

  /// A request was sent for the first time.
  public mutating func request() { tokens = min(capacity, tokens + share) }

  /// Whether a request may be sent again.
  public mutating func takeRetry() -> Bool {
    guard tokens >= 1 else { return false }
    tokens -= 1
    return true
  }
}

/// How long to wait before a retry: longer each time, and never the same for two clients.
///
/// Source: Brooker, *Exponential Backoff And Jitter*, AWS Architecture Blog, 2015 ("full jitter").
public struct Backoff: Sendable {
  /// Nanoseconds at most before the first retry.
  public let base: UInt64
  /// Nanoseconds at most before any retry.
  public let longest: UInt64

  /// - Parameters:
  ///   - base: nanoseconds at most before the first retry; doubled for each further one.
  ///   - longest: nanoseconds at most before any.
  public init(base: UInt64, longest: UInt64) {
    self.base = base
    self.longest = longest
  }

  /// Nanoseconds to wait before a retry.
  /// - Parameter retry: 0 for the first.
  public func delay<Random: RandomNumberGenerator>(
    before retry: Int, using random: inout Random
  ) -> UInt64 {
    let most = min(longest, base << UInt64(min(max(0, retry), 32)))
    return UInt64.random(in: 0...most, using: &random)
  }
}
