import Simulation

/// A Shop as the simulator sees it, made of nothing but its service demands: workers of whom each
/// holds one request, processors that serve requests in the order of their arrival, and what a
/// request waits for besides.
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

  /// Requests per second that keep the processors busy all the time: the utilisation law.
  public var capacity: Double { Double(processors) / demands.cpu }

  /// The system under independent requests.
  /// - Parameter rate: requests per second.
  public func system(at rate: Double) -> System {
    let processor = Tier("processor", servers: processors, service: samples(\.cpu))
    let waits = Simulation.Route.delay("lock, device, payment", samples(\.wait))
    let rest = Simulation.Route.delay("wake-ups and client", samples(\.rest))
    return System {
      Source(
        "visitors", .poisson(perSecond: rate),
        to: Tier.pool("workers", of: workers).calling(processor.then(waits)).then(rest))
    }
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
  private func samples(_ part: (MixDemands.Request) -> Double) -> RandomDuration {
    .samples(demands.requests.map { .seconds(part($0)) })
  }
}
