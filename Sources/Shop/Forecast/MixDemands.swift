import Glibc
import Platform
import Systems

/// What the requests of a mix demand of a Shop: of one visitor, each request with the demand that the
/// Shop noted for it; and of several, whose requests find its threads awake.
public struct MixDemands: Sendable {
  /// One request.
  public struct Request: Sendable {
    /// Of what kind.
    public let route: Route
    /// Seconds of processor time: of the worker, and the mean of the other threads.
    public let cpu: Double
    /// Seconds that the worker waited: for a lock, the device, the payment.
    public let wait: Double
    /// Seconds from sending the request to its response.
    public let response: Double

    /// What is left of the response time: the client's own work, and waking threads.
    public var rest: Double { max(0, response - cpu - wait) }
  }

  /// Those of one visitor, in order.
  public let requests: [Request]
  /// Processor seconds of a request among several, the mean.
  public let crowded: Double

  /// Processor seconds of a request of one visitor, the mean.
  public var alone: Double { requests.map(\.cpu).reduce(0, +) / Double(requests.count) }

  /// What waking the Shop's threads costs a request that finds them asleep, in processor seconds.
  public var setup: Double { max(0, alone - crowded) }

  /// - Parameter crowded: as `alone` where nil.
  init(_ requests: [Request], crowded: Double? = nil) {
    self.requests = requests
    self.crowded =
      crowded ?? requests.map(\.cpu).reduce(0, +) / Double(max(1, requests.count))
  }

  /// Visitors of `crowded`.
  static let crowd = 16

  /// - Parameters:
  ///   - shop: open, with `takesDemands`, and nobody else asks it for anything.
  ///   - seconds: of the visit.
  /// - Throws: `LoadError`.
  init(of shop: Shop, _ mix: SessionMix, _ data: DataSize, seconds: Double) throws {
    let wire = ShopWire()
    let exchange = try Exchange([.init(shop.endpoint, connections: 1)], wire: wire)
    let visitor = Visitors(mix.thinking(.constant(0)), count: 1, data: data, wire: wire, seed: 1)
    // Fills the caches.
    _ = try Self.crowd(of: shop, mix, data, seconds: seconds)
    _ = try visitor.play(on: exchange, seconds: seconds / 5)
    _ = shop.takeDemands()
    let before = (process: ProcessClock.now(), client: ThreadClock.now())
    let load = try visitor.play(on: exchange, seconds: seconds)
    let used = (ProcessClock.now() - before.process) - (ThreadClock.now() - before.client)
    // The last response may come before the worker has noted its demand.
    usleep(1_000)
    let demands = shop.takeDemands()
    let workers = demands.reduce(0) { $0 + Double($1.cpu) }
    let others = max(0, Double(used) - workers) / Double(max(1, demands.count))
    requests = zip(demands, load.latencies).map { demand, latency in
      Request(
        route: demand.route, cpu: (Double(demand.cpu) + others) / 1e9,
        wait: Double(demand.wait) / 1e9, response: Double(latency) / 1e9)
    }
    guard load.failed == 0, requests.count > 1 else { throw LoadError.unanswered(load.asked) }
    crowded = try Self.crowd(of: shop, mix, data, seconds: seconds)
  }

  /// The Shop's own processor time for a request of several visitors.
  private static func crowd(
    of shop: Shop, _ mix: SessionMix, _ data: DataSize, seconds: Double
  ) throws -> Double {
    let wire = ShopWire()
    let exchange = try Exchange([.init(shop.endpoint, connections: crowd)], wire: wire)
    let visitors = Visitors(
      mix.thinking(.constant(0)), count: crowd, data: data, wire: wire, seed: 5)
    _ = try visitors.play(on: exchange, seconds: seconds / 5)
    let before = (process: ProcessClock.now(), client: ThreadClock.now())
    let load = try visitors.play(on: exchange, seconds: seconds)
    let used = (ProcessClock.now() - before.process) - (ThreadClock.now() - before.client)
    return Double(used) / 1e9 / Double(max(1, load.answered))
  }
}
