import Databases
import Drills
import Glibc
import Platform
import Shop
import Systems

/// What the phases do. Each part can be undone, and is undone by the step that does it.
extension Strangler {
  // Customers come to the facade.

  func send(to front: Front) { shoppers.front.store(front.rawValue, ordering: .relaxed) }

  /// Why an address does not answer a request with success; nil where it does.
  func fault(at endpoint: Endpoint) -> String? {
    Service.answers(PathsProtocol(["/health"]), at: endpoint)
  }

  // Sessions move.

  func startSessions() throws {
    try ShopData.snapshot(of: path(of: .monolith), to: path(of: .sessions))
    // It has the products. A cart that is there before its session moves would be an old one.
    try ShopData.opened(path(of: .sessions)).execute("DELETE FROM carts; DELETE FROM sessions")
    try restart(.sessions)
  }

  /// Moves sessions until this share is with their own service. Requests of those that move wait.
  func move(sessionsTo share: Int) throws {
    let before = sessionShare
    let buckets = min(before, share)..<max(before, share)
    guard !buckets.isEmpty else { return }
    let (source, target): (ShopService, ShopService) =
      share > before ? (.monolith, .sessions) : (.sessions, .monolith)
    try facade.hold(.sessions(buckets))
    defer { try? facade.release() }
    try ShopData.moveSessions(buckets, from: path(of: source), to: path(of: target))
    try facade.change { $0.sessionShare = share }
    sessionShare = share
  }

  /// The routes change and nothing else.
  func send(sessionsTo share: Int) throws {
    try facade.change { $0.sessionShare = share }
    sessionShare = share
  }

  // Orders move.

  /// A copy of the monolith's database that follows it.
  func followOrders() throws {
    try ShopOutbox.install(in: path(of: .monolith))
    try ShopData.snapshot(of: path(of: .monolith), to: path(of: .orders))
    try start(.orders, ["--keep-unpaid"])
    relay = try ShopRelay(from: path(of: .monolith), to: [path(of: .orders)], cpu: cpu)
  }

  /// Orders are turned away until the copy serves.
  func copyClosedOrders() throws {
    let began = Clock.now()
    try facade.turnAway(.orders)
    defer {
      try? facade.release()
      closed += Clock.now() - began
    }
    try ShopData.snapshot(of: path(of: .monolith), to: path(of: .orders))
    try start(.orders)
    try ShopOutbox.install(in: path(of: .orders))
    relay = try ShopRelay(from: path(of: .orders), to: [path(of: .monolith)], cpu: cpu)
    try facade.change { $0.orders = .orders }
  }

  func unfollowOrders() throws {
    try relay?.stop()
    relay = nil
    kill(.orders)
    try ShopOutbox.remove(from: path(of: .monolith))
  }

  /// Moves the right to write, and with it the outbox. Orders wait meanwhile.
  func switchOrders(to owner: ShopService) throws {
    let follower = owner == .orders ? ShopService.monolith : .orders
    let began = Clock.now()
    try facade.hold(.orders)
    defer {
      try? facade.release()
      closed += Clock.now() - began
    }
    try relay?.stop()
    try ShopOutbox.remove(from: path(of: follower))
    try ShopOutbox.install(in: path(of: owner))
    relay = try ShopRelay(from: path(of: owner), to: [path(of: follower)], cpu: cpu)
    try facade.change { $0.orders = owner }
  }

  /// Enters into the report in how many rows the two databases differ.
  func compareOrders() throws { report["rows diverged"] = .count(Double(try divergedRows())) }

  /// Rows in which the databases of monolith and orders differ, once the relay has carried all.
  private func divergedRows() throws -> Int {
    let tables = [
      ("SELECT id, session, total, state = 'paid' FROM orders", 4),
      ("SELECT orderid * 2000 + product, quantity, price FROM lines", 3),
      ("SELECT orderid, amount FROM payments", 2), ("SELECT id, stock FROM products", 2),
    ]
    let folders = [path(of: .orders), path(of: .monolith)]
    let databases = try folders.map { try ShopData.opened($0) }
    return try tables.reduce(0) { sum, table in
      let rows = try databases.map { try $0.rows(table.0, columns: table.1) }
      return sum + TruthReport.comparing(rows[0], with: rows[1]).wrong
    }
  }

  // The monolith goes.

  /// A service of the catalogue that follows the orders too.
  func startCatalogue() throws {
    try relay?.stop()
    try ShopData.snapshot(of: path(of: .orders), to: path(of: .catalogue))
    try start(.catalogue, ["--keep-unpaid"])
    let followers = [ShopService.monolith, .catalogue].map(path)
    relay = try ShopRelay(from: path(of: .orders), to: followers, cpu: cpu)
  }

  func stopCatalogue() throws {
    guard isRunning(.catalogue) else { return }
    try relay?.stop()
    kill(.catalogue)
    relay = try ShopRelay(from: path(of: .orders), to: [path(of: .monolith)], cpu: cpu)
  }

  func send(catalogueTo share: Int) throws { try facade.change { $0.catalogueShare = share } }

  /// The facade listens where the monolith did.
  func takeOver() throws {
    kill(.monolith)
    try facade.listen(at: port(of: .monolith))
  }

  func bringBack() throws {
    try facade.leaveOtherPorts()
    if !isRunning(.monolith) { try restart(.monolith) }
  }

  /// Watches the monolith's address.
  /// - Parameter checks: after which it is content.
  /// - Returns: that nobody answers there; nil where somebody does.
  func alarm(every interval: UInt64, checks: UInt64) -> String? {
    let end = Clock.now() + checks * interval
    let check = HealthCheck(interval: interval, timeOut: 500_000_000)
    let isDead = check.waitForAlarm(of: .loopback(port: port(of: .monolith))) {
      Clock.now() > end
    }
    return isDead ? "nobody answers at the old address" : nil
  }

  // What goes wrong.

  /// A process is killed and started again, or cut off for a while.
  func suffer(_ fault: DrillFault, _ victim: ShopService) throws {
    switch fault {
    case .kill:
      kill(victim)
      try restart(victim)
    case .cutLink, .fullDisk:
      try facade.cut(victim)
      usleep(20_000)
      try facade.repair(victim)
    }
  }
}
