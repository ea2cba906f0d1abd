import Databases
import Drills
import Glibc
import Harness
import Platform
import Results
import Shop
import Statistics
import Synchronization
import Systems

/// The Shop while it is taken apart: processes on the second of the point's processors, a facade
/// and relays beside them, customers on the first processor. All experiments on the strangler fig
/// go through its phases in the same way, each from where the one before has ended.
final class Strangler: @unchecked Sendable {
  // SAFETY (@unchecked): the thread of a drill's step is waited for by the drill, and the drill by
  // the load, before anybody else looks at what it has changed.

  /// What has been done so far.
  enum Phase: Int, Sendable { case monolith, facade, sessions, orders }

  /// Where customers go; the number of a group of connections.
  enum Front: Int { case facade, monolith, otherProxy }

  /// Of scratch space.
  static let bytes = 4 * ShopFolders.bytes

  let facade: Facade
  let shoppers: Shoppers
  let cpu: Int
  var report: [String: Counter] = [:]
  /// What is carried to whom.
  var relay: ShopRelay?
  /// Percent of the sessions that are with their own service.
  var sessionShare = 0
  /// Nanoseconds that orders were closed in the last load.
  var closed: UInt64 = 0
  private let folder: ScratchFolder
  /// A fault's thread may stop one process while a drill's starts another.
  private let processes = Mutex(())
  private var shops: [ShopService: ShopProcess] = [:]
  private var ports: [ShopService: UInt16] = [:]
  /// HAProxy in front of the monolith, where it is installed and wanted.
  private let otherProxy: Service?
  private let exchange: Exchange
  private let rate: Double
  private let count: Int

  private static let connections = 160

  /// - Parameters:
  ///   - customers: that come.
  ///   - rate: of their requests, per second.
  init(_ point: Point, after phase: Phase, customers: Int, rate: Double) throws {
    folder = try ScratchFolder(bytes: Self.bytes)
    cpu = point.cpus.count > 1 ? point.cpus[1] : point.cpus[0]
    (self.rate, count) = (Releases.areFew ? min(rate, 200) : rate, customers)
    let monolith = folder.file(ShopService.monolith.rawValue)
    mkdir(monolith, 0o755)
    try ShopFolders.fill(monolith)
    // The monolith is there before its facade.
    let first = try Self.process(in: monolith, port: nil, [], cpu)
    facade = try Facade(FacadeRoutes(monolith: first.endpoint), cpu: cpu)
    otherProxy =
      phase == .monolith && InstalledProgram.path(of: "haproxy") != nil
      ? try Self.pinned(to: cpu) {
        try Service.haproxy(
          before: [first.endpoint], balance: "roundrobin", check: PathsProtocol(["/health"]))
      } : nil
    let fronts =
      [facade.endpoint, first.endpoint] + (otherProxy.map { [$0.place.endpoint] } ?? [])
    let wire = ShopWire()
    exchange = try Exchange(
      fronts.map { .init($0, connections: Self.connections) }, wire: wire)
    shoppers = Shoppers(customers, wire: wire)
    (shops[.monolith], ports[.monolith]) = (first, first.endpoint.port)
    if phase.rawValue >= Phase.sessions.rawValue {
      try startSessions()
      try move(sessionsTo: 100)
    }
    if phase.rawValue >= Phase.orders.rawValue {
      try followOrders()
      try switchOrders(to: .orders)
    }
  }

  private static let last = Mutex<(key: String, strangler: Strangler)?>(nil)

  /// The one of this process at a point, which all variants share.
  static func shared(
    _ point: Point, after phase: Phase, customers: Int = 64, rate: Double = 1_000
  ) throws -> Strangler {
    let key = "\(phase) \(customers) \(rate) \(point.seed)"
    return try last.withLock { last in
      if let last, last.key == key { return last.strangler }
      last = nil
      let made = try Strangler(point, after: phase, customers: customers, rate: rate)
      last = (key, made)
      return made
    }
  }

  // Processes.

  func path(of service: ShopService) -> String { folder.file(service.rawValue) }

  func port(of service: ShopService) -> UInt16 { processes.withLock { _ in ports[service] ?? 0 } }

  func start(_ service: ShopService, _ arguments: [String] = []) throws {
    let port = processes.withLock { _ in ports[service] }
    let process = try Self.process(in: path(of: service), port: port, arguments, cpu)
    let endpoint = process.endpoint
    processes.withLock { _ in (shops[service], ports[service]) = (process, endpoint.port) }
    try facade.change { $0.endpoints[service] = endpoint }
  }

  func isRunning(_ service: ShopService) -> Bool {
    processes.withLock { _ in shops[service] != nil }
  }

  /// Ends it as `kill -9` does.
  func kill(_ service: ShopService) {
    let process = processes.withLock { _ in shops.removeValue(forKey: service) }
    process?.kill()
  }

  /// Starts one again that was killed. Unpaid orders are the owner's to cancel.
  func restart(_ service: ShopService) throws {
    let isOwner = try facade.routes().orders == service
    let orders = service == .sessions ? ["--orders-at", "\(facade.endpoint.port)"] : []
    try start(service, orders + (isOwner ? [] : ["--keep-unpaid"]))
  }

  private static func process(
    in folder: String, port: UInt16?, _ arguments: [String], _ cpu: Int
  ) throws -> ShopProcess {
    try pinned(to: cpu) {
      try ShopProcess(folder: folder, port: port, ["--no-flush"] + arguments)
    }
  }

  /// What is started meanwhile stays on a processor.
  private static func pinned<Started>(to cpu: Int, _ body: () throws -> Started) throws -> Started {
    let before = try Affinity.allowed()
    try Affinity.restrict(to: [cpu])
    defer { try? Affinity.restrict(to: before) }
    return try body()
  }

  // The load.

  /// Has customers open a session and fill their carts, where some have none.
  private func comeIn() throws {
    guard shoppers.shoppers.contains(where: { $0.session == nil }) else { return }
    shoppers.begin()
    let arrivals = Arrivals.constant(rate: 4 * rate, seconds: Double(3 * count) / (4 * rate))
    _ = try OpenLoop(arrivals, tolerance: .infinity).run(on: exchange, by: shoppers)
  }

  /// Has a drill run in the middle of a load.
  /// - Parameters:
  ///   - seconds: of the load.
  ///   - beside: happens while the drill runs.
  /// - Returns: 1 where every order that was acknowledged is there once and as it was, with who takes
  ///   the orders by then.
  func serve(
    seconds: Double, during drill: Drill?, rehearsing step: String? = nil,
    beside: (@Sendable () throws -> Void)? = nil
  ) throws -> UInt64 {
    try comeIn()
    shoppers.begin()
    closed = 0
    _ = try facade.takeCounts()
    let log = Mutex<DrillLog?>(nil)
    let threads = try drill.map { drill in
      try ServerThread(on: cpu, isJoined: true) {
        usleep(20_000)
        let found = step.map { drill.rehearseRollback(of: $0) } ?? drill.run()
        log.withLock { $0 = found }
      }
    }
    let others = try beside.map { beside in
      try ServerThread(on: cpu, isJoined: true) { orEnd(beside) }
    }
    let result = try OpenLoop(.constant(rate: rate, seconds: seconds), tolerance: .infinity)
      .run(on: exchange, by: shoppers)
    threads?.join()
    others?.join()
    let found = log.withLock { $0 }
    let wrong = try judged(try facade.routes().orders)
    report = try figures(result, found)
    report["orders lost, doubled or diverged"] = .count(Double(wrong.wrong))
    return wrong.isTrue ? 1 : 0
  }

  private func judged(_ owner: ShopService) throws -> TruthReport {
    shoppers.keeper.judge(
      try ShopData.opened(path(of: owner)).rows(
        """
        SELECT CAST(substr(o.key, 7) AS INTEGER), o.session, sum(l.product * 1000 + l.quantity)
          FROM orders o JOIN lines l ON l.orderid = o.id
          WHERE o.session <> 0 AND o.state = 'paid' GROUP BY o.id
        """, columns: 3))
  }

  private func figures(_ result: LoadResult, _ log: DrillLog?) throws -> [String: Counter] {
    if let log, case .stranded = log.ending { throw Stranded(log: log) }
    let (counts, asked) = (try facade.takeCounts(), Double(max(1, result.asked)))
    let right = Double(result.answered - shoppers.wrong)
    var figures: [String: Counter] = [
      "requests answered right": .share(right / asked),
      "response (p95)": .seconds(Double(result.latency(at: 0.95) ?? 0) / 1e9),
      "response (p50)": .seconds(Double(result.latency(at: 0.5) ?? 0) / 1e9),
      "response of a request that reads (p50)": .seconds(
        shoppers.reads.isEmpty ? 0 : shoppers.reads.quantile(0.5) / 1e9),
      "failed requests": .count(Double(result.failed)),
      "wrong responses": .count(Double(shoppers.wrong)),
      "cart lines lost": .count(Double(shoppers.lostLines)),
      "orders closed": .seconds(Double(max(1, closed)) / 1e9),
      "longest time without the old address": .seconds(Double(shoppers.longestGap) / 1e9),
      "steps": .seconds(Double(log?.duration(of: .action) ?? 0) / 1e9),
      "roll-back": .seconds(Double(log?.duration(of: .rollback) ?? 0) / 1e9),
    ]
    let all = Double(max(1, counts.values.reduce(0, +)))
    for service in ShopService.allCases {
      figures["requests to the \(service.rawValue)"] = .share(Double(counts[service] ?? 0) / all)
    }
    return figures
  }

  /// A drill that could not be undone.
  private struct Stranded: Error, CustomStringConvertible {
    let log: DrillLog
    var description: String { "\(log)" }
  }
}
