import Drills
import Glibc
import Harness
import Platform
import Results
import Shop
import Synchronization
import Systems

/// A Shop on the second of the point's processors that learns another version of HTTP, and clients of
/// both versions on the first processor.
final class SwitchedShop: @unchecked Sendable {
  // SAFETY (@unchecked): Shops are opened and stopped by the drill's thread alone, which has ended
  // before others look at them.

  static let clients = 40
  /// Seconds of a load, and of its part before the drill.
  static let (window, lead) = (SmokeRun.isThis ? 0.12 : 0.25, 0.03)
  /// Requests per second.
  static let rate = Releases.areFew ? 300.0 : 800

  private(set) var report: [String: Counter] = [:]
  private let folder: ScratchFolder
  private let cpu: Int
  private let port: Socket
  private let endpoint: Endpoint
  /// Seconds for which a Shop that ends leaves connections without a request open.
  private let idleSeconds: Double
  private let loops: EventLoops
  private let visitors: VersionedClients
  /// Outlives a Shop that hands it over to the next one.
  private var listener: Socket?
  private var shop: Shop?

  /// - Parameter drains: whether a Shop that ends waits for a last response on each connection.
  init(_ point: Point, drains: Bool) throws {
    folder = try ShopFolders.own()
    cpu = point.cpus.last!
    idleSeconds = drains ? 0.06 : 0
    port = try Socket.reservingPort()
    endpoint = try port.endpoint()
    loops = try EventLoops(cpus: [point.cpus[0]])
    visitors = VersionedClients(
      Self.clients, modern: Self.clients - Self.clients * point.value / 100,
      at: endpoint, asking: (1...50).map { "/products/\($0 * 17)" },
      on: loops.loops[0])
    try open(.one)
    // The connections, and what each page says over HTTP/1.1.
    _ = try visitors.play(.constant(rate: Self.rate, seconds: 60 / Self.rate))
  }

  deinit { shop?.stop() }

  // The steps of drills.

  private func made(_ versions: HTTPVersions) throws -> Shop {
    var settings = ShopSettings(folder: folder.path)
    settings.cpus = [cpu]
    settings.versions = versions
    (settings.isDurable, settings.cancelsUnpaidOrders) = (false, false)
    (settings.idleSeconds, settings.drainSeconds) = (idleSeconds, 1)
    let socket = try listener ?? Socket.listening(at: endpoint, backlog: 1_024)
    listener = socket
    return try Shop(settings, listening: socket)
  }

  /// Opens one where there is none.
  func open(_ versions: HTTPVersions) throws { shop = try made(versions) }

  /// From now on connections are refused.
  func stop() {
    listener = nil
    shop?.stop()
    shop = nil
  }

  /// Opens one on the same socket as the old one, which then ends.
  func replace(by versions: HTTPVersions) throws {
    let new = try made(versions)
    shop?.stop()
    shop = new
  }

  /// Why it does not answer a client of HTTP/1.1 with success; nil where it does.
  func faultForOldClients() -> String? {
    Service.answers(PathsProtocol(["/products/17"]), at: endpoint)
  }

  // The load.

  /// Takes the steps of a drill in the middle of a load, then goes back to the old version.
  /// - Returns: 1 where every response was what it was before.
  func serve(during drill: Drill) -> UInt64 {
    orEnd {
      let log = Mutex<DrillLog?>(nil)
      let driller = try ServerThread(on: cpu, isJoined: true) {
        usleep(UInt32(Self.lead * 1e6))
        let found = drill.run()
        log.withLock { $0 = found }
      }
      let found = try visitors.play(.constant(rate: Self.rate, seconds: Self.window))
      driller.join()
      guard let done = log.withLock({ $0 }), done.ending == .completed else {
        throw NotDone(log: log.withLock { $0 })
      }
      report = figures(found, done)
      try replace(by: .one)
      return found.wrong == 0 ? 1 : 0
    }
  }

  private func figures(_ found: VersionedClients.Outcome, _ log: DrillLog) -> [String: Counter] {
    let asked = Double(max(1, found.asked))
    let (old, new) = (found.latencies[1] ?? [], found.latencies[2] ?? [])
    func quantile(_ latencies: [Int], _ share: Double) -> Counter {
      .seconds(latencies.isEmpty ? 0 : latencies.map(Double.init).quantile(share) / 1e9)
    }
    return [
      "requests answered": .share(Double(old.count + new.count) / asked),
      "failed requests": .count(Double(found.failed)),
      "response (p95)": quantile(old + new, 0.95),
      "over HTTP/1.1 (p50)": quantile(old, 0.5), "over HTTP/2 (p50)": quantile(new, 0.5),
      "answered over HTTP/2": .share(Double(new.count) / asked),
      "longest time without a good response": .seconds(Double(found.longestGap) / 1e9),
      "drill": .seconds(Double(log.duration(of: .action)) / 1e9),
    ]
  }

  private struct NotDone: Error, CustomStringConvertible {
    let log: DrillLog?
    var description: String { log.map { "\($0)" } ?? "the drill has not run" }
  }

  /// Nanoseconds of stopping a Shop with connections and opening one.
  func demands() throws -> [String: Double] {
    let start = Clock.now()
    stop()
    let stopped = Clock.now()
    try open(.one)
    let opened = Clock.now()
    _ = try visitors.play(.constant(rate: Self.rate, seconds: 60 / Self.rate))
    return [
      "stopping the old one": Double(stopped - start),
      "opening the new one": Double(opened - stopped),
    ]
  }
}
