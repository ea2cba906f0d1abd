import Harness
import LoadBenches
import Results
import Systems

/// Servers that respond within exponential times, some of them slowly, and a balancer in front that
/// asks one after the other.
final class FleetServers: LoadedServers {
  static let servers = 10
  /// Nanoseconds of a usual response, and how many times as long a slow server takes.
  static let (mean, slowness) = (400_000.0, 10.0)
  /// Requests per second, and seconds of a call of the kernel.
  static let (rate, window) = (12_500.0, 0.2)

  init(_ point: Point) throws {
    let behaviours = (0..<Self.servers).map {
      Behaviour(slowness: $0 < point.value ? Self.slowness : 1)
    }
    try super.init(point, behaviours, connections: 40, isRehearsed: false)
  }

  /// - Parameter error: of what is said of the response times of each server, in percent.
  /// - Returns: requests without a response.
  func serve(_ error: ([[Int]]) -> Double) -> UInt64 {
    let arrivals = arrivals(rate: Self.rate, seconds: Self.window)
    let demands = demands(.exponential(mean: Self.mean), arrivals.times.count)
    let (result, policy) = serve(arrivals) { OneAfterTheOther(demands) }
    report["error of the p99"] = Counter(error(policy.times), unit: .share)
    return UInt64(result.asked - result.answered)
  }
}

private final class OneAfterTheOther: LoadPolicy {
  /// Nanoseconds of each server's responses.
  private(set) var times = [[Int]](repeating: [], count: FleetServers.servers)
  private let demands: [UInt64]

  init(_ demands: [UInt64]) { self.demands = demands }

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    try exchange.send(request, demand: demands[request], to: request % times.count)
  }

  func receive(
    _ answer: Answer?, to attempt: Attempt, on exchange: Exchange
  ) throws(LoadError) {
    times[attempt.group].append(Int(exchange.now - exchange.due[attempt.request]))
    exchange.finish(attempt.request, answer)
  }
}
