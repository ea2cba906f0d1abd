import Harness
import Platform
import Results
import Shop
import Systems

/// Shops in processes of their own behind a balancer that knows which one a session belongs to. One of
/// them is killed, and its sessions go to the others.
final class SessionNodes {
  private(set) var report: [String: Counter] = [:]
  private let folder: ScratchFolder
  private let settings: ShopSettings
  private let store: Store
  private let count: Int
  /// Keeps the sessions where they are at a server.
  private let redis: Service?
  private var nodes: [ShopCopy] = []

  /// Where sessions are.
  enum Store { case memory, database, redis }

  /// What is needed for those at a server.
  static let redisNeeds: [Requirement] = [.program("redis-server", package: "redis")]

  /// Where a session goes: its number, and how many nodes there are.
  typealias Routing = @Sendable (_ session: Int, _ nodes: Int) -> Int

  /// - Parameter store: whether the sessions are in each node's own memory; in the one database of all
  ///   nodes; or in Redis, beside that database.
  init(_ point: Point, _ store: Store) throws {
    folder = try ScratchFolder(bytes: 8 * ShopBench.needed)
    (self.store, count) = (store, point.value)
    let cpu = point.cpus.count > 1 ? point.cpus[1] : point.cpus[0]
    redis = store == .redis ? try Placement.allowing([cpu]) { try Service.redis() } : nil
    var settings = ShopSettings(folder: folder.file("backup"))
    settings.cpus = [cpu]
    (settings.isDurable, settings.cancelsUnpaidOrders) = (false, false)
    settings.drainSeconds = 0.2
    try Shop(settings).stop()
    settings.keepsSessions = store == .memory
    settings.sessionsPort = redis?.place.port
    self.settings = settings
    nodes = try (0..<point.value).map { try start($0) }
  }

  private func start(_ number: Int) throws -> ShopCopy {
    var settings = settings
    let hasOwn = store == .memory
    settings.folder = folder.file(hasOwn ? "node-\(number)" : "shared")
    if hasOwn || number == 0 && nodes.isEmpty {
      try ShopFiles.copy(from: folder.file("backup"), to: settings.folder)
    }
    return try ShopCopy(settings)
  }

  /// Fills carts, kills a node, and looks at every cart.
  /// - Parameters:
  ///   - routing: while all nodes live.
  ///   - rerouting: to the nodes that are left, of a session whose number is given.
  /// - Returns: 0 where every cart that was found is as it was filled.
  func loseOne(_ routing: Routing, _ rerouting: Routing) throws -> UInt64 {
    var sockets = try nodes.map { try Socket.connected(to: $0.endpoint, options: [.noDelay(true)]) }
    let sessions = try (0..<Self.sessions).map { number in
      let socket = sockets[routing(number, count)]
      let session = try ShopReply(to: ShopAsk("POST", "/sessions"), on: socket).value(of: "session")
      let line = "{\"product\":\(1 + number),\"quantity\":1}"
      _ = try ShopReply(to: ShopAsk("POST", "/cart", session: session, body: line), on: socket)
      return session
    }
    let start = Clock.now()
    for (number, session) in sessions.enumerated() {
      _ = try ShopReply(
        to: ShopAsk("GET", "/cart", session: session), on: sockets[routing(number, count)])
    }
    let view = Double(Clock.now() - start) / Double(Self.sessions)
    nodes[0].kill()
    sockets.removeFirst()
    var (kept, wrong) = (0, UInt64(0))
    for (number, session) in sessions.enumerated() {
      let reply = try ShopReply(
        to: ShopAsk("GET", "/cart", session: session), on: sockets[rerouting(number, count - 1)])
      guard reply.status < 400 else { continue }
      kept += 1
      if reply.value(of: "id") != "\(1 + number)" { wrong += 1 }
    }
    nodes[0] = try self.start(0)
    report = [
      "sessions kept": .share(Double(kept) / Double(Self.sessions)),
      "cart view": Counter(view, unit: .nanoseconds),
    ]
    return wrong
  }

  static let sessions = ShopBench.isMeasuring ? 480 : 24
}
