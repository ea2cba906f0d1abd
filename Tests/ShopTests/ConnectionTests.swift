import Foundation
import Systems
import Testing

@testable import Shop

/// How requests use database connections and caches.
@Suite struct ConnectionTests {
  @Test(arguments: [true, false])
  func aConnectionIsKeptForARequestAndComesBack(keeps: Bool) throws {
    let open = try OpenShop {
      ($0.readers, $0.keepsConnection, $0.poolPatience) = (1, keeps, 0)
      $0.deliveryTime = .constant(200_000_000)
    }
    let first = try open.connect()
    try first.send("GET", "/products/1")
    while open.shop.counts[.queries] + (open.shop.gauge("shop_workers_busy") ?? 0) == 0 {
      usleep(100)
    }
    while keeps && open.shop.gauge("shop_pool_in_use") == 0 { usleep(100) }
    if !keeps { while open.shop.gauge("shop_pool_in_use") != 0 { usleep(100) } }
    #expect(try open.ask("GET", "/search?q=lamp").status == (keeps ? 503 : 200))
    #expect(try first.reply().status == 200)
    while open.shop.gauge("shop_pool_in_use") != 0 { usleep(100) }
  }

  @Test func severalConnectionsWrite() throws {
    let open = try OpenShop { $0.writers = 4 }
    let sessions = try (0..<8).map { _ in try open.shop.openSession() }
    let wire = PathsProtocol(cartsOf: sessions)
    let exchange = try Exchange([.init(open.shop.endpoint, connections: 8)], wire: wire)
    let result = try ClosedLoop(users: 8, seconds: 20, most: 64, seed: 1).run(on: exchange)
    #expect(result.answered == 64 && result.failed == 0)
    #expect(try open.database().integer("SELECT count(*) FROM carts") == 8)
  }

  @Test func cartsAreBoughtByTheirKeys() throws {
    let open = try OpenShop()
    let sessions = try (0..<4).map { _ in try open.shop.openSession() }
    for wire in [PathsProtocol(cartsOf: sessions), PathsProtocol(checkoutsOf: sessions)] {
      let exchange = try Exchange([.init(open.shop.endpoint, connections: 1)], wire: wire)
      let result = try ClosedLoop(users: 1, seconds: 20, most: 4, seed: 1).run(on: exchange)
      #expect(result.answered == 4)
    }
    let keys = try open.checker.paidKeys()
    #expect((0..<4).allSatisfy { keys.contains(PathsProtocol.key(of: $0)) })
  }

  @Test func renewedEntriesLiveOn() throws {
    let open = try OpenShop { ($0.cacheLifetime, $0.cacheSpread) = (3_000_000_000, 0) }
    let path = "/products/1/recommendations"
    func computed() throws -> Int {
      try open.counting { _ = try open.ask("GET", path) }[.computations]
    }
    #expect(try computed() == 1)
    usleep(3_100_000)
    open.shop.renewCache()
    #expect(try computed() == 0 && open.shop.mostComputed == 0)
    open.shop.expireCache()
    #expect(try computed() == 1 && open.shop.mostComputed == 1)
  }
}
