import Databases
import Glibc
import Platform
import Shop
import Systems
import Testing

@testable import Drills

/// Shops in this process behind a facade.
private final class TakenApart {
  let scratch: ScratchFolder
  let facade: Facade
  private(set) var shops: [ShopService: Shop] = [:]

  init() throws {
    scratch = try ScratchFolder(bytes: 64 << 20)
    let monolith = try Self.open(scratch.file("monolith")) { _ in }
    facade = try Facade(
      FacadeRoutes(monolith: monolith.endpoint), cpu: try Affinity.allowed()[0])
    shops[.monolith] = monolith
  }

  deinit { for shop in shops.values { shop.stop() } }

  func folder(_ service: ShopService) -> String { scratch.file(service.rawValue) }

  private static func open(
    _ folder: String, _ change: (inout ShopSettings) -> Void
  ) throws -> Shop {
    var settings = ShopSettings(folder: folder)
    (settings.isDurable, settings.cancelsUnpaidOrders, settings.drainSeconds) = (false, false, 1)
    change(&settings)
    return try Shop(settings)
  }

  func start(_ service: ShopService) throws {
    try ShopData.snapshot(of: folder(.monolith), to: folder(service))
    let port = facade.endpoint.port
    let shop = try Self.open(folder(service)) { if service == .sessions { $0.ordersPort = port } }
    shops[service] = shop
    let endpoint = shop.endpoint
    try facade.change { $0.endpoints[service] = endpoint }
  }

  func stop(_ service: ShopService) {
    shops[service]?.stop()
    shops[service] = nil
  }

  /// A request through the facade.
  func ask(
    _ line: String, session: String = "", key: String = "", body: String = ""
  ) throws -> (status: Int, body: String) {
    let socket = try Socket.connected(to: facade.endpoint)
    let request =
      "\(line) HTTP/1.1\r\nHost: shop\r\n"
      + (session.isEmpty ? "" : "Authorization: Bearer \(session)\r\n")
      + (key.isEmpty ? "" : "Idempotency-Key: \(key)\r\n")
      + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    try Array(request.utf8).withUnsafeBytes { try socket.send($0) }
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    var count = 0
    while true {
      count += try bytes.withUnsafeMutableBytes {
        try socket.receivePart(UnsafeMutableRawBufferPointer(rebasing: $0[count...]))
      }
      let text = String(decoding: bytes[..<count], as: UTF8.self)
      guard let end = text.firstRange(of: "\r\n\r\n"),
        let mark = text.firstRange(of: "Content-Length: "),
        let length = Int(text[mark.upperBound...].prefix { $0.isNumber }),
        text[end.upperBound...].utf8.count >= length
      else { continue }
      let status = Int(text.split(separator: " ")[1]) ?? 0
      return (status, String(text[end.upperBound...]))
    }
  }

  func openSession() throws -> String {
    let body = try ask("POST /sessions").body
    return String(body.split(separator: "\"")[3])
  }

  func add(_ product: Int, to session: String) throws -> Int {
    try ask(
      "POST /cart", session: session, body: "{\"product\":\(product),\"quantity\":2}"
    ).status
  }
}

@Suite struct FacadeTests {
  @Test func sharesOfSessionsAndRequestsGoWhereTheRoutesSay() throws {
    var routes = FacadeRoutes(monolith: .loopback(port: 1))
    (routes.sessionShare, routes.catalogueShare) = (30, 25)
    #expect(routes.service(for: .session(129), turn: 0) == .sessions)
    #expect(routes.service(for: .session(130), turn: 0) == .monolith)
    #expect((0..<400).count { routes.service(for: .other, turn: $0) == .catalogue } == 100)
    #expect(routes.service(for: .orders, turn: 0) == .monolith)
  }

  @Test func sessionsMoveWithTheirCartsAndBack() throws {
    let shop = try TakenApart()
    let sessions = try (0..<8).map { _ in try shop.openSession() }
    for session in sessions { #expect(try shop.add(5, to: session) == 200) }
    try shop.start(.sessions)
    let moved = try ShopData.moveSessions(
      0..<100, from: shop.folder(.monolith), to: shop.folder(.sessions))
    #expect(moved == 8)
    try shop.facade.change { $0.sessionShare = 100 }
    _ = try shop.facade.takeCounts()
    for (number, session) in sessions.enumerated() {
      #expect(try shop.ask("GET /cart", session: session).body.contains("\"id\":5,"))
      let order = try shop.ask("POST /checkout", session: session, key: "order-\(number)")
      #expect(order.status == 201 && order.body.contains("\"state\":\"paid\""))
      // The same key is the same order, and the cart is empty by now.
      #expect(
        try shop.ask("POST /checkout", session: session, key: "order-\(number)").body == order.body)
      #expect(try shop.ask("GET /cart", session: session).body == "{\"lines\":[],\"total\":0}")
    }
    let counts = try shop.facade.takeCounts()
    #expect(counts[.sessions] == 32 && counts[.monolith] == 16)
    #expect(try shop.add(7, to: sessions[0]) == 200)
    try ShopData.moveSessions(
      0..<100, from: shop.folder(.sessions), to: shop.folder(.monolith))
    try shop.facade.change { $0.sessionShare = 0 }
    #expect(try shop.ask("GET /cart", session: sessions[0]).body.contains("\"id\":7,"))
    let checker = try InvariantChecker(folder: shop.folder(.monolith))
    #expect(try checker.violations() == [])
    #expect(try checker.paidKeys().isSuperset(of: (0..<8).map { "order-\($0)" }))
  }

  @Test func aFollowerHasAllThatTheOutboxNamed() throws {
    let shop = try TakenApart()
    let cpu = try Affinity.allowed()[0]
    try ShopOutbox.install(in: shop.folder(.monolith))
    try shop.start(.orders)
    let session = try shop.openSession()
    for number in 0..<10 {
      #expect(try shop.add(1 + number, to: session) == 200)
      #expect(
        try shop.ask("POST /checkout", session: session, key: "order-\(number)").status == 201)
    }
    try ShopRelay(
      from: shop.folder(.monolith), to: [shop.folder(.orders)], cpu: cpu
    ).stop()
    let pass = try RelayPass(from: shop.folder(.monolith), to: [shop.folder(.orders)])
    #expect(try pass.run() == 0)
    let copy = try InvariantChecker(folder: shop.folder(.orders))
    #expect(try copy.violations() == [])
    #expect(
      try copy.paidKeys() == InvariantChecker(folder: shop.folder(.monolith)).paidKeys())
    // The copy has no outbox of its own, and entries that come twice change nothing.
    let orders = try ShopData.opened(shop.folder(.orders))
    #expect(try orders.integer("SELECT count(*) FROM sqlite_master WHERE name = 'outbox'") == 0)
    let monolith = try ShopData.opened(shop.folder(.monolith))
    try monolith.execute("INSERT INTO outbox(kind, id) SELECT 0, id FROM orders WHERE session <> 0")
    #expect(try pass.run() == 10)
    #expect(try copy.violations() == [])
  }

  @Test func requestsBehindAFenceWaitOrAreTurnedAway() throws {
    let shop = try TakenApart()
    let facade = shop.facade
    try facade.turnAway(.orders)
    #expect(try shop.ask("GET /orders/1").status == 503)
    #expect(try shop.ask("GET /products/1").status == 200)
    try facade.release()
    #expect(try shop.ask("GET /orders/1").status == 200)
    try facade.hold(.orders)
    let released = Clock.now() + 30_000_000
    let thread = try ServerThread(on: nil, isJoined: true) {
      while Clock.now() < released { usleep(1_000) }
      try? facade.release()
    }
    #expect(try shop.ask("GET /orders/1").status == 200)
    #expect(Clock.now() >= released)
    thread.join()
  }

  @Test func behindACutLinkNothingIsReached() throws {
    let shop = try TakenApart()
    #expect(try shop.ask("GET /products/1").status == 200)
    try shop.facade.cut(.monolith)
    #expect(try shop.ask("GET /products/1").status == 502)
    try shop.facade.repair(.monolith)
    #expect(try shop.ask("GET /products/1").status == 200)
  }

  @Test func anOldAddressCanBeTakenOver() throws {
    let shop = try TakenApart()
    try shop.start(.catalogue)
    try shop.facade.change { $0.catalogueShare = 100 }
    let port = try Socket.listening().endpoint().port
    try shop.facade.listen(at: port)
    #expect(Service.answers(PathsProtocol(["/products/3"]), at: .loopback(port: port)) == nil)
    try shop.facade.leaveOtherPorts()
    #expect(Service.answers(PathsProtocol(["/products/3"]), at: .loopback(port: port)) != nil)
  }
}
