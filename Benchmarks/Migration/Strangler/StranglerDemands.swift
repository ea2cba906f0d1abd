import Drills
import Harness
import Platform
import Shop
import Systems

/// What steps of the phases take by themselves, in nanoseconds.
struct StranglerDemands {
  private let strangler: Strangler
  private static let requests = 150

  /// - Parameter phase: that has been reached.
  init(_ point: Point, after phase: Strangler.Phase = .monolith) throws {
    strangler = try Strangler(point, after: phase, customers: 8, rate: 500)
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

  /// A copy of the orders and a process that serves it; then the switch.
  func ofOrders() throws -> [String: Double] {
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
