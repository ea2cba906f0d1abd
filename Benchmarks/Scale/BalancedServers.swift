import Harness
import LoadBenches
import Results
import Simulation
import Systems

/// Web servers that work on one request at a time, each for an exponential time; the client
/// distributes the requests, or a proxy does.
final class BalancedServers: LoadedServers {
  /// Seconds of a request's work, and after which its answer is late.
  static let (service, level) = (0.001, 0.004)
  /// The share of the time in which a server works.
  static let utilisation = 0.7
  /// Seconds in which the queues grow, and seconds whose requests count.
  static let (warmUp, window) = (0.03, 0.07)

  private let servers: Int

  /// Requests per second of so many servers.
  static func rate(_ servers: Int) -> Double { Double(servers) * utilisation / service }

  /// - Parameters:
  ///   - point: its value is the number of servers.
  ///   - proxy: starts it; nil where the client chooses.
  init(_ point: Point, proxy: (([Endpoint]) throws -> Service)? = nil) throws {
    servers = point.value
    let behaviours = [Behaviour](repeating: Behaviour(places: 1), count: servers)
    try super.init(point, behaviours, connections: 50, proxy: proxy, isRehearsed: false)
  }

  /// - Parameter choose: the server of a request.
  /// - Returns: 0 where every response is the echo of its request.
  func serve(_ choose: @escaping (Exchange) -> Int) -> UInt64 {
    let arrivals = arrivals(
      rate: Self.rate(servers), seconds: Self.warmUp + Self.window, isLowered: false)
    let demands = demands(.exponential(mean: Self.service * 1e9), arrivals.times.count)
    let (result, _) = serve(arrivals, warmUp: Self.warmUp) {
      Balancing(demands: demands, choose: choose)
    }
    let inTime = Double(result.latencies.count { Double($0) <= Self.level * 1e9 })
    let recorded = Double(max(1, result.latencies.count))
    report["late answers"] = .share(1 - inTime / recorded)
    // A window without an answer in time says that there are fewer than it can show.
    report["answers in time"] = Counter(
      max(0.5, inTime) / shortened(Self.window), unit: .operationsPerSecond)
    return result.digest &- wire.echoDigest(of: demands)
  }

  /// The answers in time per second of so many servers, simulated for as long as they are measured.
  static func simulated(_ servers: Int, _ balancer: Tier.Balancer, seed: UInt64) -> Double {
    let tier = Tier(
      "web", replicas: servers, service: .exponential(mean: .seconds(service)), balancer: balancer)
    let system = System {
      Source(
        "users", .poisson(perSecond: rate(servers)), to: tier.timeout(after: .seconds(level)))
    }
    let outcome = system.run(
      seed: seed, for: .seconds(warmUp + window), warmUp: .seconds(warmUp), drains: true)
    return max(0.5, Double(outcome["users"].succeeded)) / window
  }
}
