import Glibc
import Systems

/// What the requests of a mix demand of a Shop: of one visitor, each request with the demand that the
/// Shop noted for it; and of several, whose requests find its threads awake.
///
/// The one visitor thinks between requests, so that they find the processor as idle as those of a
/// lightly loaded Shop do: one that is asked again at once has not yet fallen asleep.
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
  public var alone: Double { Self.mean(requests) }

  /// What waking the Shop's threads costs a request that finds them asleep, in processor seconds.
  public var setup: Double { max(0, alone - crowded) }

  /// - Parameter crowded: as `alone` where nil.
  init(_ requests: [Request], crowded: Double? = nil) {
    self.requests = requests
    self.crowded = min(crowded ?? .infinity, Self.mean(requests))
  }

  /// Visitors of `crowded`.
  static let crowd = 16
  /// How long the one visitor thinks, in requests that could be served meanwhile: the mean.
  private static let pause = 8.0

  /// - Parameters:
  ///   - shop: nobody else asks it for anything.
  ///   - seconds: of the visit.
  /// - Throws: `LoadError`.
  init(of shop: ObservedShop, _ mix: SessionMix, _ data: DataSize, seconds: Double) throws {
    // Fills the caches as well.
    let each = try Self.crowded(shop, mix, data, seconds)
    let thinking = Durations.exponential(mean: Self.pause * each * 1e9)
    let visitor = try Crowd(1, thinking: thinking, at: shop, mix, data, seed: 1)
    _ = try visitor.visit(seconds: seconds / 5)
    _ = shop.takeDemands()
    let visit = try visitor.visit(seconds: seconds)
    // The last response may come before the worker has noted its demand.
    usleep(1_000)
    let demands = shop.takeDemands()
    let workers = demands.reduce(0) { $0 + Double($1.cpu) } / 1e9
    let others = max(0, visit.cpu - workers) / Double(max(1, demands.count))
    requests = zip(demands, visit.load.latencies).map { demand, latency in
      Request(
        route: demand.route, cpu: Double(demand.cpu) / 1e9 + others,
        wait: Double(demand.wait) / 1e9, response: Double(latency) / 1e9)
    }
    guard visit.load.failed == 0, requests.count > 1 else {
      throw LoadError.unanswered(visit.load.asked)
    }
    crowded = try Self.crowded(shop, mix, data, seconds)
  }

  /// The Shop's own processor time for a request of several visitors.
  private static func crowded(
    _ shop: ObservedShop, _ mix: SessionMix, _ data: DataSize, _ seconds: Double
  ) throws -> Double {
    let visitors = try Crowd(crowd, at: shop, mix, data, seed: 5)
    _ = try visitors.visit(seconds: seconds / 5)
    return try visitors.visit(seconds: seconds).cpuEach
  }

  private static func mean(_ requests: [Request]) -> Double {
    requests.map(\.cpu).reduce(0, +) / Double(max(1, requests.count))
  }
}
