import Harness
import LoadBenches
import Systems

/// Servers that serve one request at a time, for an exponential time; the client distributes the
/// requests, or a proxy does.
final class EightServers: LoadedServers {
  static let count = 8
  static let serviceNanoseconds = 0.5e6
  static let rateAtFull = Double(count) * 1e9 / serviceNanoseconds
  /// Seconds in which the queues become as long as they stay, and seconds that count.
  static let (warmUp, window) = (0.04, 0.105)

  /// Requests per second.
  let rate: Double

  /// - Parameters:
  ///   - point: its value is the utilisation in percent.
  ///   - proxy: starts it; nil where the client chooses.
  init(_ point: Point, proxy: (([Endpoint]) throws -> Service)? = nil) throws {
    rate = Self.rateAtFull * Double(point.value) / 100
    let behaviours = [Behaviour](repeating: Behaviour(places: 1), count: Self.count)
    try super.init(point, behaviours, connections: 50, proxy: proxy)
  }
}
