import Glibc
import Harness
import Platform
import Results
import Shop
import Statistics
import Systems

/// A Shop in a process of its own that takes orders, and something that watches it and serves in its
/// place. Visitors are on the first of the point's processors, all Shops on the second.
final class Standby: @unchecked Sendable {
  // SAFETY (@unchecked): the threads that watch and that do harm use what is set before they start,
  // and what they set is used after they have ended.

  /// The folder of a Shop that does not run: the backup.
  let backup: String
  /// Of the Shop that fails.
  private(set) var primary: ShopCopy?
  /// The one that serves in its place.
  private(set) var successor: Shop?
  private(set) var report: [String: Counter] = [:]
  let cpu: Int
  private let folder: ScratchFolder
  private var settings: ShopSettings
  /// Whose carts are full.
  private let sessions: [String]
  private var random: SeededGenerator

  init(_ point: Point, data: DataSize = .small) throws {
    folder = try ScratchFolder(bytes: 4 * ShopBench.needed)
    backup = folder.file("backup")
    cpu = point.cpus.count > 1 ? point.cpus[1] : point.cpus[0]
    random = point.generator()
    settings = ShopSettings(folder: backup)
    (settings.data, settings.cpus) = (ShopBench.isMeasuring ? data : .small, [cpu])
    (settings.isDurable, settings.keepsLog, settings.drainSeconds) = (false, true, 0.2)
    settings.idleSeconds = 0
    let shop = try Shop(settings)
    sessions = try (0..<(ShopBench.isMeasuring ? 600 : 40)).map { _ in try shop.openSession() }
    let exchange = try Exchange(
      [.init(shop.endpoint, connections: 8)], wire: PathsProtocol(cartsOf: sessions))
    _ = try ClosedLoop(users: 8, seconds: 60, most: sessions.count, seed: 1).run(on: exchange)
    shop.stop()
  }

  /// A folder for a Shop of the call.
  func place(_ name: String) -> String { folder.file(name) }

  /// Makes a folder with the data of the backup.
  func restore(to name: String) throws -> String {
    try ShopFiles.copy(from: backup, to: place(name))
    return place(name)
  }

  /// Starts the Shop that will fail.
  /// - Returns: where it listens.
  func start(lease: Lease? = nil) throws -> Endpoint {
    (settings.folder, settings.port, settings.lease) = (try restore(to: "primary"), 0, lease)
    let copy = try ShopCopy(settings)
    primary = copy
    return copy.endpoint
  }

  /// Has another Shop serve from a folder.
  /// - Parameter socket: that listens already; nil for one at `port`.
  func promote(
    _ folder: String, port: UInt16 = 0, listening socket: Socket? = nil, lease: Lease? = nil
  ) throws {
    (settings.folder, settings.port, settings.lease) = (folder, port, lease)
    successor = try Shop(settings, listening: socket)
  }

  /// A time in 0 ..< `seconds`, in microseconds.
  func phase(of seconds: Double) -> UInt32 {
    UInt32(seconds * 1e6 * Double.random(in: 0..<1, using: &random))
  }

  /// Connections to servers, for `serve`.
  func exchange(with servers: [Endpoint]) throws -> Exchange {
    try Exchange(
      servers.map { .init($0, connections: 400) }, wire: PathsProtocol(checkoutsOf: sessions))
  }

  /// Has orders come at a constant rate while the threads do what they do, then looks for every order
  /// that was acknowledged in the folder that is served last.
  /// - Parameters:
  ///   - rate: orders per second.
  ///   - threads: run beside the load; all have ended when this returns.
  /// - Returns: how many of the Shop's invariants are violated.
  func serve(
    rate: Double, seconds: Double, on exchange: Exchange, by orders: Orders,
    beside threads: [@Sendable (Standby) throws -> Void]
  ) throws -> UInt64 {
    let running = try threads.map { body in
      try ServerThread(on: cpu, isJoined: true) { [self] in orEnd { try body(self) } }
    }
    let rate = min(ShopBench.isMeasuring ? rate : rate / 20, Double(sessions.count) / seconds)
    do throws(LoadError) {
      _ = try OpenLoop(.constant(rate: rate, seconds: seconds), tolerance: .infinity)
        .run(on: exchange, by: orders)
    } catch {
      // On a machine that is busy otherwise, all may come while nobody serves.
      if case .unanswered = error {} else { throw error }
    }
    for thread in running { thread.join() }
    primary = nil
    successor?.stop()
    successor = nil
    let checker = try InvariantChecker(folder: settings.folder)
    let kept = try checker.paidKeys()
    let lost = orders.acknowledged.count { !kept.contains(PathsProtocol.key(of: $0)) }
    report = Self.report(
      gap: orders.longestGap, acknowledged: orders.acknowledged.count, lost: lost,
      unanswered: orders.unanswered)
    return UInt64(try checker.violations().count)
  }

  /// What the page shows.
  /// - Parameters:
  ///   - gap: nanoseconds in which nothing was answered.
  ///   - unanswered: orders without a response.
  static func report(
    gap: UInt64, acknowledged: Int, lost: Int, unanswered: Int
  ) -> [String: Counter] {
    [
      "time without service": Counter(Double(gap), unit: .nanoseconds),
      "acknowledged orders kept": .share(
        max(0.001, 1 - Double(lost) / Double(max(1, acknowledged)))),
      "acknowledged orders lost": Counter(Double(lost), unit: .count),
      "acknowledged orders": Counter(Double(acknowledged), unit: .count),
      "orders without response": Counter(Double(unanswered), unit: .count),
    ]
  }
}

/// Sends each order once, and watches how long nothing is answered.
final class Orders: LoadPolicy {
  private(set) var acknowledged: [Int] = []
  private(set) var longestGap: UInt64 = 1
  private(set) var unanswered = 0
  private var last: UInt64 = 0
  private let group: (Int) -> Int

  /// - Parameter group: the server that an order is sent to.
  init(to group: @escaping (Int) -> Int = { _ in 0 }) { self.group = group }

  func arrive(_ request: Int, on exchange: Exchange) throws(LoadError) {
    guard try exchange.sendReconnecting(request, to: group(request)) else {
      unanswered += 1
      return exchange.finish(request, nil)
    }
  }

  func receive(
    _ answer: Answer?, to attempt: Attempt, on exchange: Exchange
  ) throws(LoadError) {
    exchange.finish(attempt.request, answer)
    guard let answer else { return unanswered += 1 }
    if last > 0 { longestGap = max(longestGap, exchange.now - last) }
    last = exchange.now
    if answer.status == .succeeded { acknowledged.append(attempt.request) }
  }
}
