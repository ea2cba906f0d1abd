import Platform
import Systems
import Testing

@testable import Shop

/// Sessions at a Redis server, where it is installed.
@Suite(.enabled(if: InstalledProgram.path(of: "redis-server") != nil))
struct RedisSessionTests {
  @Test func anotherShopGoesOnWithASession() throws {
    let redis = try Service.redis()
    let one = try OpenShop { $0.sessionsPort = redis.place.port }
    let session = try one.cart([9, 4])
    one.close()
    let other = try OpenShop { $0.sessionsPort = redis.place.port }
    let cart = try other.ask("GET", "/cart", session)
    let lines = try require(cart.json["lines"] as? [[String: Any]])
    #expect(lines.map { $0["id"] as? Int } == [4, 9])
    #expect(lines.map { $0["quantity"] as? Int } == [2, 2])
    #expect(try other.buy(session, key: "one").status == 201)
    #expect((try other.ask("GET", "/cart", session).json["lines"] as? [Any])?.isEmpty == true)
  }

  @Test func anUnknownSessionHasNoCart() throws {
    let redis = try Service.redis()
    let shop = try OpenShop { $0.sessionsPort = redis.place.port }
    let headers = ["Authorization": "Bearer 2a"]
    #expect(try shop.ask("GET", "/cart", headers).status == 401)
    let line = "{\"product\": 1, \"quantity\": 1}"
    #expect(try shop.ask("POST", "/cart", headers, body: line).status == 401)
    #expect(try shop.ask("POST", "/sessions", headers).status == 201)
    #expect(try shop.ask("POST", "/cart", headers, body: line).status == 200)
  }

  @Test func withoutTheServerARequestFailsAndTheNextOneMaySucceed() throws {
    let redis = try Service.redis()
    let shop = try OpenShop { $0.sessionsPort = redis.place.port }
    let session = try shop.cart([1])
    redis.stop()
    #expect(try shop.ask("GET", "/cart", session).status == 503)
    let again = try Service.redis(port: redis.place.port)
    #expect(try shop.ask("GET", "/cart", session).status == 401)
    again.stop()
  }
}
