import Foundation
import Testing

@testable import Shop

@Suite struct EndpointTests {
  @Test(arguments: Engine.installed) func aVisitFromSearchToOrder(engine: Engine) throws {
    let open = try OpenShop(on: engine)
    let found = try open.ask("GET", "/search?q=lamp")
    let products = try require(found.json["products"] as? [[String: Any]])
    #expect(products.count == Catalogue.pageLength)
    #expect(products.allSatisfy { ($0["name"] as? String)?.contains("lamp") == true })
    let next = try open.ask("GET", "/search?q=lamp&after=\(found.json["after"] as! Int)")
    let first = try require((next.json["products"] as? [[String: Any]])?.first?["id"] as? Int)
    #expect(first > found.json["after"] as! Int)

    let product = try open.ask("GET", "/products/\(first)")
    #expect(product.json["id"] as? Int == first)
    #expect(product.head.contains("Content-Type: application/json"))
    let image = try open.ask("GET", product.json["image"] as! String)
    #expect(image.body.count == DataSize.bytes(ofImage: first % DataSize.images))

    let session = try open.cart([first])
    let cart = try open.ask("GET", "/cart", session)
    #expect(cart.json["total"] as? Int == 2 * (product.json["price"] as! Int))
    let order = try open.buy(session, key: "one")
    #expect(order.status == 201)
    #expect(order.json["state"] as? String == "paid")
    #expect(order.json["total"] as? Int == cart.json["total"] as? Int)
    let again = try open.ask("GET", "/orders/\(order.json["order"] as! Int)")
    #expect(again.body == order.body)
    let after = try open.ask("GET", "/cart", session)
    #expect((after.json["lines"] as? [Any])?.isEmpty == true)
    #expect(try open.checker.violations(acknowledged: [order.json["order"] as! Int]) == [])
  }

  @Test(arguments: Engine.installed) func recommendationsAreWhatOthersBought(
    engine: Engine
  ) throws {
    let open = try OpenShop(on: engine)
    let reply = try open.ask("GET", "/products/1/recommendations")
    let products = try require(reply.json["products"] as? [[String: Any]])
    #expect(products.count == 5)
    #expect(products.allSatisfy { $0["id"] as? Int != 1 })
    let counts = try open.counting {
      let again = try open.ask("GET", "/products/1/recommendations")
      #expect(again.body == reply.body)
    }
    #expect(counts[.cacheHits] == 1)
    #expect(counts[.queries] == 0)
  }

  @Test(arguments: [ShopSettings.ImageDelivery.read, .sendfile])
  func imagesAreTheSameHoweverTheyAreSent(delivery: ShopSettings.ImageDelivery) throws {
    let open = try OpenShop { $0.imageDelivery = delivery }
    let client = try open.connect()
    for image in 0..<3 {
      let file = try Data(contentsOf: open.folder.appending(path: "images/\(image)"))
      #expect(try client.ask("GET", "/images/\(image)").body == file)
    }
  }

  @Test func requestsOnOneConnectionAreAnsweredInTheirOrder() throws {
    let open = try OpenShop()
    let client = try open.connect()
    for id in 1...20 { try client.send("GET", "/products/\(id)") }
    for id in 1...20 { #expect(try client.reply().json["id"] as? Int == id) }
    #expect(open.shop.counts[.acceptedConnections] == 1)
  }

  @Test(arguments: Engine.installed) func theSameSizeIsTheSameData(engine: Engine) throws {
    let (one, other) = (try OpenShop(), try OpenShop(on: engine))
    for path in ["/products/17", "/search?q=jade", "/products/3/recommendations"] {
      let bodies = try [one, other].map { try $0.ask("GET", path).body }
      #expect(bodies[0] == bodies[1])
    }
  }

  @Test(arguments: Engine.installed) func dataOfAnotherSizeAreRefused(engine: Engine) throws {
    let open = try OpenShop(on: engine)
    open.close()
    var settings = ShopSettings(folder: open.folder.path(percentEncoded: false))
    settings.postgres = open.server?.target
    settings.data = .medium
    let error = #expect(throws: ShopRefused.self) { try Shop(settings) }
    #expect(error == .otherData("medium"))
  }

  @Test func aPortInUseIsOneLine() throws {
    let open = try OpenShop()
    var settings = ShopSettings(folder: open.folder.path(percentEncoded: false))
    settings.port = open.shop.endpoint.port
    let error = #expect(throws: ShopRefused.self) { try Shop(settings) }
    #expect(
      error.map { "\($0)" }
        == "port \(settings.port) can't be used: Address already in use; "
        + "choose another one with --port, or 0 for any")
  }

  @Test func whatIsUnderWayIsAnsweredBeforeItStops() throws {
    let open = try OpenShop { $0.payments.time = 300_000_000 }
    let session = try open.cart()
    let client = try open.connect()
    let idle = try open.connect()
    _ = try idle.ask("GET", "/health")
    try client.send("POST", "/checkout", session.merging(["Idempotency-Key": "a"]) { $1 })
    while open.shop.gauge("shop_workers_busy") == 0 { usleep(1_000) }
    open.close()
    let reply = try client.reply()
    #expect(reply.status == 201)
    #expect(reply.head.contains("Connection: close"))
    #expect(try client.isAtEnd())
    #expect(try idle.isAtEnd())
    #expect(try open.checker.violations(acknowledged: [reply.json["order"] as! Int]) == [])
  }
}
