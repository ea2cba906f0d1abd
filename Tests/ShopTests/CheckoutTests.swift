import Foundation
import Testing

@testable import Shop

@Suite struct CheckoutTests {
  @Test(arguments: Engine.installed) func theSameKeyIsTheSameOrder(engine: Engine) throws {
    let open = try OpenShop(on: engine)
    let session = try open.cart()
    let first = try open.buy(session, key: "k")
    #expect(try open.buy(session, key: "k").body == first.body)
    #expect(open.shop.counts[.payments] == 1)
    let other = try open.cart()
    #expect(try open.buy(other, key: "k").status == 409)
  }

  @Test(arguments: Engine.installed) func stockNeverFallsBelowNone(engine: Engine) throws {
    let open = try OpenShop(on: engine)
    try open.execute("UPDATE products SET stock = 5 WHERE id = 1")
    let statuses = try (0..<4).map { index in
      try open.buy(open.cart([1]), key: "\(index)").status
    }
    #expect(statuses == [201, 201, 409, 409])
    #expect(try open.integer("SELECT stock FROM products WHERE id = 1") == 1)
  }

  /// Carts hold the same products in several orders, and there is enough for half of them.
  @Test(arguments: Engine.installed) func checkoutsAtOnceShareTheStock(engine: Engine) throws {
    let open = try OpenShop(on: engine) { $0.readers = 8 }
    try open.execute("UPDATE products SET stock = 16 WHERE id IN (1, 2, 3)")
    let orders = [[1, 2, 3], [3, 2, 1], [2, 3, 1], [3, 1, 2]]
    let sessions = try (0..<16).map { try open.cart(orders[$0 % 4]) }
    let replies = try open.atOnce(sessions.enumerated().map { ($1, "\($0)") })
    #expect(replies.filter { $0.status == 201 }.count == 8)
    #expect(replies.filter { $0.status == 409 }.count == 8)
    #expect(try open.integer("SELECT max(stock) FROM products WHERE id <= 3") == 0)
    #expect(try open.integer("SELECT count(*) FROM orders WHERE session <> 0") == 8)
    // The stock that the checker compares with.
    try open.execute("UPDATE products SET stock = stock + 1000000 - 16 WHERE id IN (1, 2, 3)")
    let bought = replies.compactMap { $0.json["order"] as? Int }
    #expect(try open.checker.violations(acknowledged: bought) == [])
  }

  @Test(arguments: Engine.installed) func oneOrderForAKeyThatComesAtOnce(engine: Engine) throws {
    let open = try OpenShop(on: engine) { $0.readers = 8 }
    let session = try open.cart()
    let replies = try open.atOnce((0..<8).map { _ in (session, "k") })
    let bought = replies.filter { $0.status == 201 }
    #expect(Set(bought.map(\.body)).count == 1)
    // The others came while it was being paid.
    #expect(replies.filter { $0.status == 409 }.count == 8 - bought.count)
    #expect(open.shop.counts[.payments] == 1)
    #expect(try open.checker.violations() == [])
  }

  @Test(arguments: Engine.installed) func whatIsNotPaidIsNoOrderAndGoesBack(engine: Engine) throws {
    let open = try OpenShop(on: engine) { $0.payments.oneFailureIn = 1 }
    let session = try open.cart()
    let reply = try open.buy(session, key: "k")
    #expect(reply.status == 402)
    #expect(try open.buy(session, key: "k").status == 402)
    #expect(try open.checker.violations() == [])
    let cart = try open.ask("GET", "/cart", session)
    #expect((cart.json["lines"] as? [Any])?.count == 3)
  }

  @Test func aPaymentThatHangsIsGivenUp() throws {
    let open = try OpenShop { $0.payments.hangs = true }
    let reply = try open.buy(open.cart(), key: "k")
    #expect(reply.status == 503)
    #expect(open.shop.counts[.paymentTimeouts] == 1)
    // The response leaves before its worker is free.
    for _ in 0..<1_000 where open.shop.gauge("shop_workers_busy") != 0 { usleep(10_000) }
    #expect(open.shop.gauge("shop_workers_busy") == 0)
    #expect(try open.checker.violations() == [])
  }

  @Test(arguments: Engine.installed) func whatAKilledShopLeftIsCancelled(engine: Engine) throws {
    let open = try OpenShop(on: engine)
    _ = try open.cart()
    open.close()
    // As after a kill between the reservation and the payment.
    try open.execute(
      """
      UPDATE products SET stock = stock - 2 WHERE id = 7;
      INSERT INTO orders VALUES (1000000, 'left', 5, 'reserved', 200);
      INSERT INTO lines VALUES (1000000, 7, 2, 100);
      """)
    var settings = ShopSettings(folder: open.folder.path(percentEncoded: false))
    settings.isDurable = false
    settings.postgres = open.server?.target
    let shop = try Shop(settings)
    shop.stop()
    #expect(try open.checker.violations() == [])
    let state = "SELECT count(*) FROM orders WHERE id = 1000000 AND state = 'cancelled'"
    #expect(try open.integer(state) == 1)
  }

  @Test(arguments: [
    ("DELETE FROM payments WHERE orderid = 1", "paid orders have no payment"),
    ("UPDATE products SET stock = stock - 1 WHERE id = 3", "stock that is not what was there"),
    ("DELETE FROM orders WHERE id = 2", "payments have no paid order"),
  ])
  func theCheckerSeesWhatIsWrong(sql: String, words: String) throws {
    let open = try OpenShop()
    #expect(try open.checker.violations() == [])
    try open.database().execute(sql)
    let violations = try open.checker.violations()
    #expect(violations.count == 1 && violations[0].contains(words), "\(violations)")
  }

  @Test func theCheckerMissesOrdersThatWereAcknowledged() throws {
    let open = try OpenShop()
    #expect(
      try open.checker.violations(acknowledged: [1, 123_456])
        == ["1 acknowledged orders are lost"])
    #expect(
      try open.checker.violations(acknowledged: [1, 1])
        == ["1 orders were acknowledged to two checkouts"])
  }
}
