import Systems

/// Another policy, whose good responses are watched.
final class GapWatch: LoadPolicy {
  /// Set before the load begins.
  var inner: (any LoadPolicy)!
  /// Nanoseconds between two good responses that follow each other; from the load's beginning for
  /// the first.
  private(set) var longestGap: UInt64 = 0
  private var last: UInt64 = 0

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    if last == 0 { last = exchange.now }
    try inner.arrive(request, on: exchange)
  }

  func receive(
    _ answer: Answer?, to attempt: Attempt, on exchange: Exchange
  ) throws(LoadError) {
    if answer?.status == .succeeded {
      longestGap = max(longestGap, exchange.now - last)
      last = exchange.now
    }
    try inner.receive(answer, to: attempt, on: exchange)
  }

  func wake(_ number: Int, on exchange: Exchange) throws(LoadError) {
    try inner.wake(number, on: exchange)
  }
}
