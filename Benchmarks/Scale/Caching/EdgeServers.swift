import Harness
import LoadBenches
import Results
import Simulation
import Systems

/// An origin behind sockets, and an edge in front of it that begins every call without content.
final class EdgeServers: LoadedServers {
  /// Keys, and fetches that the origin serves at a time.
  static let (keys, places) = (200, 20)
  /// Requests per second, and seconds of a call.
  static let (rate, window) = (4_000.0, 0.12)

  private let fetch: Double
  private let seed: UInt64
  private var number: UInt64 = 0

  init(_ point: Point) throws {
    (fetch, seed) = (Double(point.value) * 1e6, point.seed)
    try super.init(
      point, [Behaviour(places: Self.places)], connections: 450, isRehearsed: false)
  }

  /// - Returns: requests without an answer.
  func begin(coalesces: Bool) -> UInt64 {
    number += 1
    let arrivals = arrivals(rate: Self.rate, seconds: Self.window, isLowered: false)
    let times = demands(.exponential(mean: fetch), arrivals.times.count)
    let popularity = KeyStream(
      .zipf(Self.keys, exponent: 1), seed: seed &+ number, "keys of requests")
    let wanted = arrivals.times.map { _ in popularity.next() }
    let (result, _) = serve(arrivals) {
      EdgePolicy(wanted, times, keys: Self.keys, coalesces: coalesces)
    }
    report["fetches in the window"] = Counter(Double(result.sent), unit: .count)
    report["p99 response time"] = Counter(
      Double(result.latency(at: 0.99) ?? 0), unit: .nanoseconds)
    return UInt64(result.asked - result.answered)
  }
}

/// Answers what it has, and fetches what it does not have.
private final class EdgePolicy: LoadPolicy {
  private let wanted: [Int]
  private let times: [UInt64]
  private let coalesces: Bool
  private var isThere: [Bool]
  /// Requests that wait for a fetch of another, by key; nil where none is under way.
  private var waiting: [[Int]?]
  private static let hit = Answer(.succeeded, digest: 0)

  init(_ wanted: [Int], _ times: [UInt64], keys: Int, coalesces: Bool) {
    (self.wanted, self.times, self.coalesces) = (wanted, times, coalesces)
    isThere = [Bool](repeating: false, count: keys)
    waiting = [[Int]?](repeating: nil, count: keys)
  }

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    let key = wanted[request]
    if isThere[key] { return exchange.finish(request, Self.hit) }
    if coalesces, waiting[key] != nil {
      waiting[key]?.append(request)
      return
    }
    waiting[key] = waiting[key] ?? []
    try exchange.send(request, demand: times[request])
  }

  func receive(
    _ answer: Answer?, to attempt: Attempt, on exchange: Exchange
  ) throws(LoadError) {
    let key = wanted[attempt.request]
    isThere[key] = true
    exchange.finish(attempt.request, answer.map { _ in Self.hit })
    for other in waiting[key] ?? [] { exchange.finish(other, answer.map { _ in Self.hit }) }
    waiting[key] = nil
  }
}
