import Drills
import Harness
import Platform
import Shop
import Synchronization
import Systems

/// What steps of the phases take by themselves, in nanoseconds.
struct StranglerDemands {
  private let strangler: Strangler
  private static let requests = 150

  /// - Parameters:
  ///   - phase: that has been reached.
  ///   - customers: that come.
  ///   - rate: of their requests, per second.
  init(
    _ point: Point, after phase: Strangler.Phase = .monolith, customers: Int = 8,
    rate: Double = 500
  ) throws {
    strangler = try Strangler(point, after: phase, customers: customers, rate: rate)
  }

  /// Requests one at a time: a page, and the same small one with the facade and without.
  func ofFacade() throws -> [String: Double] {
    let monolith = Endpoint.loopback(port: strangler.port(of: .monolith))
    let page = try asked(PathsProtocol(["/products/17"]), at: monolith)
    let health = PathsProtocol(["/health"])
    let direct = try asked(health, at: monolith)
    let passed = try asked(health, at: strangler.facade.endpoint)
    return [
      "a product page (p50)": Double(page.latency(at: 0.5) ?? 0),
      "the facade's part of an exchange": Double(
        max(1, (passed.latency(at: 0.5) ?? 0) - (direct.latency(at: 0.5) ?? 0))),
    ]
  }

  private func asked(_ wire: PathsProtocol, at endpoint: Endpoint) throws -> LoadResult {
    let exchange = try Exchange([.init(endpoint, connections: 1)], wire: wire)
    return try ClosedLoop(users: 1, seconds: 5, most: Self.requests, seed: 1).run(on: exchange)
  }

  /// How long a millisecond's work takes on the services' processor while customers are there, who
  /// leave it the rest.
  private func millisecondOfWork() throws -> Double {
    let share = Mutex(1.0)
    _ = try strangler.serve(seconds: 0.1, during: nil) {
      let (start, before) = (Clock.now(), ProcessorTimes.ofThread())
      while Clock.now() < start + 80_000_000 {}
      let used = Double(ProcessorTimes.ofThread() - before)
      share.withLock { $0 = used / Double(Clock.now() - start) }
    }
    return 1e6 / share.withLock { $0 }
  }

  /// A copy of the orders and a process that serves it; then the switch.
  func ofOrders() throws -> [String: Double] {
    let millisecond = try millisecondOfWork()
    let start = Clock.now()
    try ShopData.snapshot(of: strangler.path(of: .monolith), to: strangler.path(of: .orders))
    let copied = Clock.now()
    try strangler.start(.orders)
    let started = Clock.now()
    strangler.kill(.orders)
    try strangler.followOrders()
    let followed = Clock.now()
    try strangler.switchOrders(to: .orders)
    let switched = Clock.now()
    try strangler.switchOrders(to: .monolith)
    try strangler.unfollowOrders()
    return [
      "copying the orders": Double(copied - start), "starting a service": Double(started - copied),
      "a switch": Double(switched - followed),
      "a millisecond of work beside the customers": millisecond,
    ]
  }

  /// The monolith stops and starts; the facade takes its address over.
  func ofMonolith() throws -> [String: Double] {
    let begin = Clock.now()
    strangler.kill(.monolith)
    try strangler.facade.listen(at: strangler.port(of: .monolith))
    let listening = Clock.now()
    try strangler.facade.leaveOtherPorts()
    let left = Clock.now()
    try strangler.start(.monolith, ["--keep-unpaid"])
    return [
      "taking the address over": Double(listening - begin),
      "starting the monolith": Double(Clock.now() - left),
    ]
  }
}
