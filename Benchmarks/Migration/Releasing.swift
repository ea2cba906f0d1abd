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

  init(_ point: Point) throws {
    folder = try ShopFolders.own()
    rate = Double(point.value)
    seed = point.seed
    cpu = point.cpus.last!
    reserved = try [0, 1].map { _ in try Self.reservation() }
    ports = [.blue: try reserved[0].endpoint().port, .green: try reserved[1].endpoint().port]
    try open(.blue)
  }

  deinit { for shop in shops.values { shop.stop() } }

  /// Has a port that no connection gets while no Shop listens there.
  private static func reservation() throws -> Socket {
    let socket = try Socket(.stream)
    try socket.set(.reuseAddress)
    try socket.bind(to: .loopback(port: 0))
    return socket
  }

  // The steps of drills.

  /// - Parameter isBad: no request gets a place in its queue.
  func open(_ place: Place, isBad: Bool = false) throws {
    var settings = ShopSettings(folder: folder.path)
    settings.cpus = [cpu]
    settings.port = ports[place]!
    settings.queue = isBad ? 0 : 1_024
    (settings.isDurable, settings.cancelsUnpaidOrders) = (false, false)
    (settings.idleSeconds, settings.drainSeconds) = (0.005, 1)
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
    let (watch, wire) = (GapWatch(), ShopWire())
    let visitors = Visitors(mix, count: 256, data: .small, wire: wire, seed: seed)
    watch.inner = visitors
    let isRefused: Bool = orEnd {
      let exchange = try Exchange(
        [.init(.loopback(port: ports[.blue]!), connections: 256)], wire: wire)
      let driller = try ServerThread(on: cpu, isJoined: true) {
        usleep(UInt32(Self.lead * 1e6))
        let found = drill.run()
        log.withLock { $0 = found }
      }
      let arrivals = Arrivals.constant(rate: rate, seconds: SmokeRun.isThis ? 0.08 : Self.window)
      let result = try OpenLoop(arrivals, tolerance: .infinity).run(on: exchange, by: watch)
      driller.join()
      let found = log.withLock { $0 }
      guard let found, found.ending == .rolledBack else { throw Unexpected(log: found) }
      report = [
        "longest time without a good response": Counter(
          Double(watch.longestGap), unit: .nanoseconds),
        "failed requests": Counter(Double(result.failed), unit: .count),
        "roll-back": Counter(Double(found.duration(of: .rollback)), unit: .nanoseconds),
        "acknowledged orders lost": Counter(
          Double(try lost(visitors.acknowledged)), unit: .count),
        "orders acknowledged": Counter(Double(visitors.acknowledged.count), unit: .count),
      ]
      return found.entries.contains {
        if case .refused = $0.outcome { true } else { false }
      }
    }
    return isRefused && report["acknowledged orders lost"]?.value == 0 ? 1 : 0
  }

  private func lost(_ acknowledged: [Int]) throws -> Int {
    let paid = try InvariantChecker(folder: folder.path).paidOrders()
    return acknowledged.count { !paid.contains($0) }
  }

  /// Nanoseconds of opening and of stopping a Shop with connections.
  func demands() throws -> [String: Double] {
    let start = Clock.now()
    try open(.green)
    let opened = Clock.now()
    let exchange = try Exchange(
      [.init(.loopback(port: ports[.green]!), connections: 32)], wire: PathsProtocol(["/health"]))
    let began = Clock.now()
    stop(.green)
    let stopped = Clock.now()
    withExtendedLifetime(exchange) {}
    return [
      "opening a Shop": Double(opened - start), "stopping a Shop": Double(stopped - began),
    ]
  }

  /// A drill that did not go as it must.
  private struct Unexpected: Error, CustomStringConvertible {
    let log: DrillLog?
    var description: String { log.map { "\($0)" } ?? "the drill has not run" }
  }
}
