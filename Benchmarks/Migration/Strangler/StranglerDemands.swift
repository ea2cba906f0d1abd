import Drills
import Harness
import Platform
import Shop
import Synchronization
import Systems

/// What steps of the phases take by themselves, in nanoseconds.
struct StranglerDemands {
  private let strangler: Strangler
  /// Seconds of a load of one kind of request.
  private static let seconds = 0.06
  /// There and back.
  private static let switches = 4

  /// - Parameters:
  ///   - phase: that has been reached.
  ///   - customers: that come.
  ///   - rate: of their requests, per second.
  init(
    _ point: Point, after phase: Strangler.Phase = .monolith, customers: Int = 8,
    rate: Double = 500
  ) throws {
    // It is where it was at the end of each round.
    strangler = try Strangler.shared(point, after: phase, customers: customers, rate: rate)
  }

  /// Requests at the customers' rate: a page, and the same small one with the facade and without.
  func ofFacade(rate: Double) throws -> [String: Double] {
    let monolith = Endpoint.loopback(port: strangler.port(of: .monolith))
    let page = try asked(PathsProtocol(["/products/17"]), at: monolith, rate)
    let health = PathsProtocol(["/health"])
    let direct = try asked(health, at: monolith, rate)
    let passed = try asked(health, at: strangler.facade.endpoint, rate)
    return [
      "a product page (p50)": Double(page.latency(at: 0.5) ?? 0),
      "the facade's part of an exchange": Double(
        max(1, (passed.latency(at: 0.5) ?? 0) - (direct.latency(at: 0.5) ?? 0))),
    ]
  }

  private func asked(
    _ wire: PathsProtocol, at endpoint: Endpoint, _ rate: Double
  ) throws -> LoadResult {
    let arrivals = Arrivals.constant(rate: rate, seconds: Self.seconds)
    // Each request finds a connection, also where the Shop hesitates.
    let exchange = try Exchange([.init(endpoint, connections: arrivals.times.count)], wire: wire)
    return try OpenLoop(arrivals, tolerance: .infinity).run(on: exchange, by: SendOnce())
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
    // The drill's has been rehearsed, too.
    try switchThereAndBack()
    let followed = Clock.now()
    for _ in 0..<Self.switches { try switchThereAndBack() }
    let switched = Clock.now()
    try strangler.unfollowOrders()
    return [
      "copying the orders": Double(copied - start), "starting a service": Double(started - copied),
      "a switch": Double(switched - followed) / Double(2 * Self.switches),
      "a millisecond of work beside the customers": millisecond,
    ]
  }

  private func switchThereAndBack() throws {
    try strangler.switchOrders(to: .orders)
    try strangler.switchOrders(to: .monolith)
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
