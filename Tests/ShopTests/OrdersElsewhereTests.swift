import Foundation
import Testing

@testable import Shop

/// Carts at one Shop and orders at another.
@Suite struct OrdersElsewhereTests {
  @Test func aCheckoutPlacesItsOrderAtTheOtherShop() throws {
    let orders = try OpenShop()
    let carts = try OpenShop { $0.ordersPort = orders.shop.endpoint.port }
    let session = try carts.cart([4, 9])
    let order = try carts.buy(session, key: "one")
    #expect(order.status == 201 && order.json["state"] as? String == "paid")
    #expect((order.json["lines"] as? [Any])?.count == 2)
    let id = try require(order.json["order"] as? Int)
    #expect(try orders.ask("GET", "/orders/\(id)").body == order.body)
    #expect((try carts.ask("GET", "/cart", session).json["lines"] as? [Any])?.isEmpty == true)
    // A repeated checkout is the same order.
    #expect(try carts.buy(session, key: "one").body == order.body)
    #expect(try carts.buy(session, key: "two").status == 409)
    #expect(try orders.checker.violations(acknowledged: [id]) == [])
  }

  @Test func withoutTheOtherShopACartIsKept() throws {
    let orders = try OpenShop()
    let carts = try OpenShop { $0.ordersPort = orders.shop.endpoint.port }
    let session = try carts.cart([4])
    orders.close()
    #expect(try carts.buy(session, key: "one").status == 503)
    #expect((try carts.ask("GET", "/cart", session).json["lines"] as? [Any])?.count == 1)
  }

  @Test func anOrderNeedsLinesOfProductsThatExist() throws {
    let open = try OpenShop()
    let headers = ["Authorization": "Bearer 2a", "Idempotency-Key": "one"]
    func place(_ body: String) throws -> Int {
      try open.ask("POST", "/orders", headers, body: body).status
    }
    #expect(try place("{\"lines\": 1}") == 400)
    #expect(try place("{\"lines\": [{\"product\": 1, \"quantity\": 0}]}") == 400)
    #expect(try place("{\"lines\": [{\"product\": 1000000, \"quantity\": 1}]}") == 404)
    #expect(try place("{\"lines\": []}") == 409)
    #expect(try place("{\"lines\": [{\"product\": 1, \"quantity\": 1}]}") == 201)
    #expect(try open.ask("GET", "/orders", headers).status == 405)
  }

  @Test func aSessionThatIsBroughtIsOpenedOnce() throws {
    let open = try OpenShop()
    let headers = ["Authorization": "Bearer 2a"]
    #expect(try open.ask("POST", "/sessions", headers).json["session"] as? String == "2a")
    let line = "{\"product\": 1, \"quantity\": 1}"
    #expect(try open.ask("POST", "/cart", headers, body: line).status == 200)
    #expect(try open.ask("POST", "/sessions", headers).status == 201)
    #expect((try open.ask("GET", "/cart", headers).json["lines"] as? [Any])?.count == 1)
    #expect(try open.ask("POST", "/sessions", ["Authorization": "Bearer x"]).status == 401)
  }
}
