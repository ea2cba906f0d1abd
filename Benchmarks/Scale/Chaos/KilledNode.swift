import Harness
import LoadBenches
import Results
import Statistics
import Systems
import Techniques

/// Nodes with a place each, the first of which refuses all requests, and the balancer in front.
final class KilledNode: LoadedServers {
  /// Seconds of a request, and requests per second for each node: 60% of what it can do.
  static let (service, rate) = (0.004, 150.0)
  /// Seconds until the queues are as long as they stay, and seconds that count.
  static let (warmUp, window) = (0.03, 0.1)

  private let count: Int

  init(_ point: Point) throws {
    count = point.value
    // Without a place and without a queue it answers that it does not serve.
    let dead = Behaviour(places: 0, queue: 0)
    try super.init(
      point, [dead] + [Behaviour](repeating: Behaviour(places: 1), count: count - 1),
      connections: 40, isRehearsed: false)
  }

  /// - Returns: requests of which nobody knows what became of them.
  func serve(isLeastLoaded: Bool, retries: Int) -> UInt64 {
    let arrivals = arrivals(
      rate: Self.rate * Double(count), seconds: Self.warmUp + Self.window, isLowered: false)
    let demands = demands(.exponential(mean: Self.service * 1e9), arrivals.times.count)
    let (result, policy) = serve(arrivals, warmUp: Self.warmUp) {
      Routing(
        demands, nodes: count, isLeastLoaded: isLeastLoaded, retries: retries,
        random: generator())
    }
    // A window without a failure says that there are fewer than it can show.
    let share = max(policy.failed, 0.5) / Double(max(1, policy.recorded))
    report["requests failed until noticed"] = .share(share)
    return UInt64(result.asked - result.answered - result.failed)
  }
}

/// Routes each request, and again where it was refused.
private final class Routing: LoadPolicy {
  private(set) var (failed, recorded) = (0.0, 0)
  private let demands: [UInt64]
  private let nodes: Int
  private let isLeastLoaded: Bool
  private let retries: Int
  private var random: SeededGenerator

  init(
    _ demands: [UInt64], nodes: Int, isLeastLoaded: Bool, retries: Int, random: SeededGenerator
  ) {
    (self.demands, self.nodes, self.isLeastLoaded) = (demands, nodes, isLeastLoaded)
    (self.retries, self.random) = (retries, random)
  }

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    if exchange.isRecorded(request) { recorded += 1 }
    try send(request, tag: 0, on: exchange)
  }

  private func send(_ request: Int, tag: Int, on exchange: Exchange) throws(LoadError) {
    let node =
      isLeastLoaded
      ? LeastLoaded.choose(among: nodes, using: &random) { exchange.outstanding[$0] }
      : Int.random(in: 0..<nodes, using: &random)
    try exchange.send(request, demand: demands[request], to: node, tag: tag)
  }

  func receive(
    _ answer: Answer?, to attempt: Attempt, on exchange: Exchange
  ) throws(LoadError) {
    if answer?.status == .succeeded { return exchange.finish(attempt.request, answer) }
    if attempt.tag < retries {
      return try send(attempt.request, tag: attempt.tag + 1, on: exchange)
    }
    if exchange.isRecorded(attempt.request) { failed += 1 }
    exchange.finish(attempt.request, nil)
  }
}
