/// Refuses calls of a server that fails most of them, so that callers need not wait for each failure.
///
/// It judges so many calls together. Where more than a share of them failed it opens: it refuses all
/// calls for a while, and then lets one try. If that one succeeds it closes, otherwise it rests again.
/// Calls that were under way when it opened change nothing. The simulator's `Breaker` follows the
/// same rules.
///
///     var breaker = CircuitBreaker(opensAbove: 0.5, of: 10, for: 60_000_000)
///     guard breaker.allows(number, at: now) else { return refused }
///     …
///     breaker.learn(number, succeeded: response != nil, at: now)
///
/// For one thread at a time.
///
/// Source: Nygard, *Release It!*, Pragmatic Bookshelf 2007, chapter 5.
public struct CircuitBreaker: Sendable {
  /// Of failures, 0 to 1, above which it opens.
  public let share: Double
  /// Calls that are judged together.
  public let window: Int
  /// Nanoseconds for which it stays open.
  public let rest: UInt64
  private var (calls, failures) = (0, 0)
  /// Nil while it is closed.
  private var opensUntil: UInt64?
  private var trying: Int?

  /// - Parameters:
  ///   - share: of failures, 0 to 1, above which it opens.
  ///   - window: calls that are judged together.
  ///   - rest: nanoseconds for which it stays open.
  public init(opensAbove share: Double, of window: Int, for rest: UInt64) {
    (self.share, self.window, self.rest) = (share, window, rest)
  }

  /// Whether a call may be made. What becomes of it is to be said to `learn`.
  /// - Parameters:
  ///   - call: its number, which no other call under way has.
  ///   - now: nanoseconds by the caller's clock.
  public mutating func allows(_ call: Int, at now: UInt64) -> Bool {
    guard let opensUntil else { return true }
    guard now >= opensUntil, trying == nil else { return false }
    trying = call
    return true
  }

  /// What became of a call that was allowed.
  /// - Parameters:
  ///   - call: its number.
  ///   - now: nanoseconds by the caller's clock.
  public mutating func learn(_ call: Int, succeeded: Bool, at now: UInt64) {
    if trying == call {
      (trying, opensUntil) = (nil, succeeded ? nil : now + rest)
    } else if opensUntil == nil {
      calls += 1
      failures += succeeded ? 0 : 1
      guard calls == window else { return }
      if Double(failures) > share * Double(window) { opensUntil = now + rest }
      (calls, failures) = (0, 0)
    }
  }
}
