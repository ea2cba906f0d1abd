import Simulation

/// A Shop as the simulator sees it, made of nothing but its service demands: workers of whom each
/// holds one request, processors that serve requests in the order of their arrival, and a database
/// that one request at a time writes to.
public struct ShopModel: Sendable {
  private let demands: MixDemands
  private let processors: Int
  private let workers: Int

  /// - Parameters:
  ///   - processors: that the Shop has to itself.
  ///   - workers: threads that serve requests.
  public init(_ demands: MixDemands, processors: Int, workers: Int) {
    (self.demands, self.processors, self.workers) = (demands, processors, workers)
  }

  /// Requests whose demands it was made of.
  public var requests: Int { demands.requests.count }

  /// Requests per second that keep the busiest of its parts busy all the time: the bottleneck law.
  public var capacity: Double { limits.map(\.capacity).min() ?? 0 }

  /// The part whose capacity is the least.
  public var bottleneck: String { limits.min { $0.capacity < $1.capacity }?.part ?? "" }

  /// Parts with the requests per second that each could carry. Source: Denning and Buzen, *The
  /// Operational Analysis of Queueing Network Models*, ACM Computing Surveys 10(3), 1978.
  var limits: [(part: String, capacity: Double)] {
    let writing = demands.requests.filter(\.route.writes).map(\.wait).reduce(0, +)
    let waiting = demands.requests.map { $0.cpu + $0.wait }.reduce(0, +)
    let count = Double(demands.requests.count)
    return [
      ("processor", Double(processors) / demands.crowded),
      ("database's writer", writing > 0 ? count / writing : .infinity),
      ("workers", Double(workers) * count / waiting),
    ]
  }

  /// The system under independent requests.
  /// - Parameter rate: requests per second.
  public func system(at rate: Double) -> System {
    let routes = [false, true].compactMap { writes in kind(writes: writes) }
    return System {
      Source(
        "visitors", .poisson(perSecond: rate), to: Simulation.Route.choice("request", routes))
    }
  }

  /// Requests that write, or those that don't; nil where there are none.
  private func kind(writes: Bool) -> (weight: Double, to: any Routable)? {
    let own = demands.requests.filter { $0.route.writes == writes }
    guard !own.isEmpty else { return nil }
    // A request that finds the processor busy does not pay for waking threads.
    let awake = demands.crowded / demands.alone
    let processor = Tier(
      "processor", servers: processors,
      service: .samples(demands.requests.map { .seconds($0.cpu * awake) }),
      setup: .seconds(demands.setup))
    let waits: any Routable =
      writes
      ? Tier("database's writer", service: samples(own, \.wait))
      : Simulation.Route.delay("locks", samples(own, \.wait))
    let rest = Simulation.Route.delay(
      writes ? "rest of a write" : "rest of a read", samples(own, \.rest))
    let held = processor.then(waits.route)
    return (Double(own.count), Tier.pool("workers", of: workers).calling(held).then(rest))
  }

  /// Response times at a load, in seconds.
  /// - Parameters:
  ///   - share: of the capacity, below 1.
  ///   - requests: that are simulated.
  public func responseTimes(at share: Double, requests: Int = 400_000) -> ResponseTimes {
    let rate = share * capacity
    let time = Double(requests) / rate
    return system(at: rate).run(
      seed: 1, for: .seconds(time), warmUp: .seconds(time / 20), drains: true)["visitors"].response
  }

  /// A part of the requests' time, as it was measured.
  private func samples(
    _ requests: [MixDemands.Request], _ part: (MixDemands.Request) -> Double
  ) -> RandomDuration {
    .samples(requests.map { .seconds(part($0)) })
  }
}
