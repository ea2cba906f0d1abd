import Glibc
import Platform
import Systems

/// What the requests of a mix demand of a Shop that is mostly idle: one visitor without think time,
/// each request with the demand that the Shop noted for it.
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

  /// All of them, in order.
  public let requests: [Request]

  /// Processor seconds of a request, the mean.
  public var cpu: Double { requests.map(\.cpu).reduce(0, +) / Double(requests.count) }

  init(_ requests: [Request]) { self.requests = requests }

  /// - Parameters:
  ///   - shop: open, with `takesDemands`, and nobody else asks it for anything.
  ///   - seconds: of the visit.
  /// - Throws: `LoadError`.
  init(of shop: Shop, _ mix: SessionMix, _ data: DataSize, seconds: Double) throws {
    let wire = ShopWire()
    let exchange = try Exchange([.init(shop.endpoint, connections: 1)], wire: wire)
    let visitor = Visitors(mix.thinking(.constant(0)), count: 1, data: data, wire: wire, seed: 1)
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
  }
}
