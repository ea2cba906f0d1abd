import Platform
import Testing

@testable import Shop

@Suite struct DemandLogTests {
  /// Whatever the clocks say, the parts of a request's time are no more than the whole.
  @Test func whatARequestWaitsForIsCountedOnce() throws {
    let open = try OpenShop()
    open.close()
    var settings = ShopSettings(folder: open.file("observed"))
    settings.isDurable = false
    let log = try DemandLog()
    settings.demands = log
    let shop = try Shop(settings)
    let client = try Client(shop.endpoint)
    for _ in 0..<20 { #expect(try client.ask("POST", "/sessions").status == 201) }
    shop.stop()
    let demands = log.taken()
    #expect(demands.count == 20)
    for demand in demands {
      #expect(demand.route == .openSession && demand.cpu > 0)
      #expect(demand.queued + demand.delayed + demand.wait <= demand.whole)
    }
  }
}
