import Simulation
import Statistics

/// A Shop as the simulator sees it, made of nothing but its service demands: workers of whom each
/// holds one request, processors that they share equally, as threads do under a fair scheduler (Stoica
/// and Abdel-Wahab, *Earliest Eligible Virtual Deadline First*, 1995, which Linux follows), and a
/// database that one request at a time writes to, from the first statement until the device has the
/// commit. Requests of a kind have their own demands.
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

  /// The same Shop with what requests demanded at another load; waking threads is in their processor
  /// time.
  /// - Parameter cpu: seconds of processor time that the Shop used in it.
  func with(_ noted: [RequestDemand], cpu: Double) -> ShopModel {
    ShopModel(demands.noted(noted, cpu: cpu), processors: processors, workers: workers)
  }

  /// Requests whose processor time it was made of.
  public var requests: Int { demands.count }

  /// Seconds of processor time of a request, and of a write's wait for the device: the means.
  public var demand: (cpu: Double, writeWait: Double) { (demands.crowded, demands.writeWait) }

  /// Requests per second that keep the busiest of its parts busy all the time: the bottleneck law.
  public var capacity: Double { limits.map(\.capacity).min() ?? 0 }

  /// The part whose capacity is the least.
  public var bottleneck: String { limits.min { $0.capacity < $1.capacity }?.part ?? "" }

  /// Parts with the requests per second that each could carry. Source: Denning and Buzen, *The
  /// Operational Analysis of Queueing Network Models*, ACM Computing Surveys 10(3), 1978.
  var limits: [(part: String, capacity: Double)] {
    let all = Double(demands.count)
    // Seconds that a request has a worker, and those that it has the writer.
    let held = demands.kinds.map { kind in
      (
        route: kind.route,
        seconds: Double(kind.cpu.count) / all * (mean(kind.cpu) + mean(kind.waits))
      )
    }
    let working = held.reduce(0) { $0 + $1.seconds }
    let writing = held.filter(\.route.writes).reduce(0) { $0 + $1.seconds }
    return [
      ("processor", Double(processors) / demands.crowded),
      ("database's writer", writing > 0 ? 1 / writing : .infinity),
      ("workers", Double(workers) / working),
    ]
  }

  /// The system under independent requests, whose idle periods make waking what it costs.
  /// - Parameter rate: requests per second.
  public func system(at rate: Double) -> System {
    let lonely = demands.lonely(at: rate)
    let kinds = demands.kinds.map { kind in (Double(kind.cpu.count), route(of: kind, lonely)) }
    return System {
      Source("visitors", .poisson(perSecond: rate), to: Simulation.Route.choice("request", kinds))
    }
  }

  private func route(of kind: MixDemands.Kind, _ lonely: MixDemands.Lonely) -> any Routable {
    let (name, writes) = (kind.route.label, kind.route.writes)
    let processor = Tier(
      "processor", servers: processors, service: .none, setup: .seconds(lonely.setup),
      discipline: .processorSharing)
    let work = processor.working(name, samples(kind.cpu))
      .then(Simulation.Route.delay("wait, \(name)", samples(kind.waits)))
    // A worker that writes has the writer while it waits for the processor, too.
    let held = writes ? Tier.pool("database's writer", of: 1).calling(work) : work
    let served = Tier.pool("workers", of: workers).calling(held)
    guard let rests = lonely.rests[writes], !rests.isEmpty else { return served }
    let rest = writes ? "rest of a write" : "rest of a read"
    return served.then(Simulation.Route.delay(rest, samples(rests)))
  }

  private func mean(_ seconds: [Double]) -> Double {
    seconds.reduce(0, +) / Double(max(1, seconds.count))
  }

  /// Response times at a load, in seconds, of a Shop that is idle at first.
  /// - Parameters:
  ///   - rate: requests per second.
  ///   - seconds: that are simulated; requests that are under way then are followed to their ends.
  public func responseTimes(at rate: Double, seconds: Double, seed: UInt64 = 1) -> ResponseTimes {
    system(at: rate).run(seed: seed, for: .seconds(seconds), drains: true)["visitors"].response
  }

  /// The median and the p99 of a window, in seconds: medians over many windows, since the p99 of a
  /// second is lower than that of an hour wherever requests are slow together.
  /// - Parameters:
  ///   - rate: requests per second.
  ///   - window: seconds.
  func window(at rate: Double, of window: Double) -> (median: Double, p99: Double) {
    let times = (1...Self.windows)
      .map { responseTimes(at: rate, seconds: window, seed: UInt64($0)) }
      .filter { $0.count > 0 }
    guard !times.isEmpty else { return (.nan, .nan) }
    return (times.map { $0.percentile(50) }.median(), times.map { $0.percentile(99) }.median())
  }

  private static let windows = 99

  /// As they were measured.
  private func samples(_ seconds: [Double]) -> RandomDuration {
    .samples(seconds.map { .seconds($0) })
  }
}
