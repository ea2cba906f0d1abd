import Harness
import Systems

extension ShopBench {
  /// Serves requests that come when they are due, whatever became of earlier ones.
  /// - Parameter warmUp: seconds at the beginning whose requests have no latency.
  func serve(_ arrivals: Arrivals, warmUp: Double = 0) -> (LoadResult, Watched) {
    let policy = Watched()
    let load = OpenLoop(arrivals, warmUp: UInt64(warmUp * 1e9), tolerance: .infinity)
    return (orEnd { try load.run(on: exchange, by: policy) }, policy)
  }
}

/// Sends each request once, as soon as a connection is free.
final class Watched: LoadPolicy {
  /// Requests after the warm-up that were served, and that were refused.
  private(set) var (served, refused) = (0, 0)
  /// Responses that differ from the first.
  private(set) var differing: UInt64 = 0
  private var waiting: [Int] = []
  private var first = 0
  private var expected: UInt64?

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    guard exchange.freeConnections(of: 0) > 0 else { return waiting.append(request) }
    try exchange.send(request)
  }

  func receive(
    _ answer: Answer?, to attempt: Attempt, on exchange: Exchange
  ) throws(LoadError) {
    exchange.finish(attempt.request, answer)
    if let answer, answer.status == .succeeded {
      if exchange.isRecorded(attempt.request) { served += 1 }
      if answer.digest != expected ?? answer.digest { differing += 1 }
      expected = answer.digest
    } else if exchange.isRecorded(attempt.request) {
      refused += 1
    }
    guard first < waiting.count, exchange.freeConnections(of: 0) > 0 else { return }
    first += 1
    try exchange.send(waiting[first - 1])
  }
}
