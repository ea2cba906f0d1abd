import Drills
import Glibc
import Harness
import Platform
import Results
import Shop
import Synchronization
import Systems

/// Two places for a Shop on the second of the point's processors, and visitors of the first place on
/// the first processor.
final class Releasing: @unchecked Sendable {
  // SAFETY (@unchecked): Shops are opened and stopped by the drill's thread alone, which has ended
  // before others look at them.
  enum Place: Sendable { case blue, green }

  private(set) var report: [String: Counter] = [:]
  private let folder: ScratchFolder
  private let rate: Double
  private let cpu: Int
  private var shops: [Place: Shop] = [:]
  private let reserved: [Socket]
  private let ports: [Place: UInt16]

  private let seed: UInt64
  private let mix = SessionMix([.product: 8, .addToCart: 1, .checkout: 1], thinking: .constant(0))
  private static let (lead, window) = (0.02, 0.16)  // seconds
  /// Seconds for which a Shop that ends still answers on the connections that it has.
  static let idleSeconds = 0.005
  private static let connections = 256

  init(_ point: Point) throws {
    folder = try ShopFolders.own()
    rate = Double(point.value)
    seed = point.seed
    cpu = point.cpus.last!
    reserved = try [0, 1].map { _ in try Socket.reservingPort() }
    ports = [.blue: try reserved[0].endpoint().port, .green: try reserved[1].endpoint().port]
    try open(.blue)
  }

  deinit { for shop in shops.values { shop.stop() } }

  // The steps of drills.

  /// - Parameter isBad: no request gets a place in its queue.
  func open(_ place: Place, isBad: Bool = false) throws {
    var settings = ShopSettings(folder: folder.path)
    settings.cpus = [cpu]
    settings.port = ports[place]!
    settings.queue = isBad ? 0 : 1_024
    (settings.isDurable, settings.cancelsUnpaidOrders) = (false, false)
    (settings.idleSeconds, settings.drainSeconds) = (Self.idleSeconds, 1)
    shops[place] = try Shop(settings)
  }

  func stop(_ place: Place) {
    shops[place]?.stop()
    shops[place] = nil
  }

  /// Why it does not answer a request with success; nil where it does.
  func fault(of place: Place) -> String? {
    Service.answers(PathsProtocol(["/products/1"]), at: .loopback(port: ports[place]!))
  }

  // The load.

  /// Takes the steps of a drill in the middle of a load.
  /// - Returns: 1 where the release was refused by its check and rolled back, and no acknowledged
  ///   order is missing.
  func serve(during drill: Drill) -> UInt64 {
    let log = Mutex<DrillLog?>(nil)
    let isRefused: Bool = orEnd {
      let load = try visited { [cpu] in
        try ServerThread(on: cpu, isJoined: true) {
          usleep(UInt32(Self.lead * 1e6))
          let found = drill.run()
          log.withLock { $0 = found }
        }
      }
      let found = log.withLock { $0 }
      guard let found, found.ending == .rolledBack else { throw Unexpected(log: found) }
      report = [
        "longest time without a good response": Counter(
          Double(load.longestGap), unit: .nanoseconds),
        "failed requests": Counter(Double(load.failed), unit: .count),
        "roll-back": Counter(Double(found.duration(of: .rollback)), unit: .nanoseconds),
        "acknowledged orders lost": Counter(Double(try lost(load.acknowledged)), unit: .count),
        "orders acknowledged": Counter(Double(load.acknowledged.count), unit: .count),
      ]
      return found.entries.contains {
        if case .refused = $0.outcome { true } else { false }
      }
    }
    return isRefused && report["acknowledged orders lost"]?.value == 0 ? 1 : 0
  }

  /// Serves visitors.
  /// - Parameter begin: starts what happens meanwhile.
  private func visited(
    beside begin: () throws -> ServerThread? = { nil }
  ) throws -> (longestGap: UInt64, failed: Int, acknowledged: [Int]) {
    let (watch, wire) = (GapWatch(), ShopWire())
    let visitors = Visitors(mix, count: Self.connections, data: .small, wire: wire, seed: seed)
    watch.inner = visitors
    let exchange = try Exchange(
      [.init(.loopback(port: ports[.blue]!), connections: Self.connections)], wire: wire)
    let beside = try begin()
    let arrivals = Arrivals.constant(rate: rate, seconds: SmokeRun.isThis ? 0.08 : Self.window)
    let result = try OpenLoop(arrivals, tolerance: .infinity).run(on: exchange, by: watch)
    beside?.join()
    return (watch.longestGap, result.failed, visitors.acknowledged)
  }

  private func lost(_ acknowledged: [Int]) throws -> Int {
    let paid = try InvariantChecker(folder: folder.path).paidOrders()
    return acknowledged.count { !paid.contains($0) }
  }

  /// Nanoseconds of what the release in place does, without visitors: stopping a Shop with connections
  /// once it has stopped to wait for their requests, opening another, its check, and the way back;
  /// and the longest time without a good response while nothing happens.
  func demands() throws -> [String: Double] {
    let quiet = try visited().longestGap
    let exchange = try Exchange(
      [.init(.loopback(port: ports[.blue]!), connections: Self.connections)],
      wire: PathsProtocol(["/health"]))
    let begin = Clock.now()
    stop(.blue)
    let stopped = Clock.now()
    withExtendedLifetime(exchange) {}
    try open(.blue, isBad: true)
    let opened = Clock.now()
    _ = fault(of: .blue)
    let checked = Clock.now()
    stop(.blue)
    try open(.blue)
    return [
      "stopping a Shop with its connections": max(
        1, Double(stopped - begin) - Self.idleSeconds * 1e9),
      "opening a Shop": Double(opened - stopped), "a check": Double(checked - opened),
      "rolling back": Double(Clock.now() - checked), "without a release": Double(quiet),
    ]
  }

  /// A drill that did not go as it must.
  private struct Unexpected: Error, CustomStringConvertible {
    let log: DrillLog?
    var description: String { log.map { "\($0)" } ?? "the drill has not run" }
  }
}
