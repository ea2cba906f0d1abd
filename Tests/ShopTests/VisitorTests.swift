import Foundation
import Systems
import Testing

@testable import Shop

@Suite(.serialized) struct VisitorTests {
  @Test func everyAcknowledgedOrderIsInTheDatabase() throws {
    let open = try OpenShop()
    let wire = ShopWire()
    let exchange = try Exchange([.init(open.shop.endpoint, connections: 8)], wire: wire)
    let mix = SessionMix(
      [.product: 1, .search: 1, .addToCart: 3, .cart: 1, .checkout: 2, .order: 1],
      thinking: .constant(0))
    let visitors = Visitors(mix, count: 8, data: .small, wire: wire, seed: 3)
    let result = try visitors.play(on: exchange, seconds: 0.5)
    #expect(result.failed == 0 && visitors.unanswered == 0)
    #expect(!visitors.acknowledged.isEmpty)
    #expect(Set(visitors.statuses.keys).isSubset(of: [200, 201]))
    #expect(try open.checker.violations(acknowledged: visitors.acknowledged) == [])
  }

  @Test func anOpenLoopSendsWhatIsDue() throws {
    let open = try OpenShop()
    let wire = ShopWire()
    let exchange = try Exchange([.init(open.shop.endpoint, connections: 60)], wire: wire)
    let visitors = Visitors(.shopping, count: 60, data: .small, wire: wire, seed: 3)
    let arrivals = Arrivals.poisson(rate: 100, seconds: 0.5, seed: 1)
    let result = try visitors.play(on: exchange, arrivals)
    #expect(result.asked == arrivals.times.count)
    #expect(result.answered == result.asked)
  }

  @Test func whatIsDueWaitsForAVisitorWhoIsFree() throws {
    let open = try OpenShop()
    let wire = ShopWire()
    let exchange = try Exchange([.init(open.shop.endpoint, connections: 2)], wire: wire)
    let visitors = Visitors(.shopping, count: 2, data: .small, wire: wire, seed: 3)
    let arrivals = Arrivals(recorded: [UInt64](repeating: 0, count: 20), duration: 1_000_000)
    let result = try visitors.play(on: exchange, arrivals)
    #expect(result.answered == 20)
  }

  @Test func byTurnsAsManyRequestsAreUnderWayAsThereArePlaces() throws {
    let open = try OpenShop()
    let wire = ShopWire()
    let exchange = try Exchange([.init(open.shop.endpoint, connections: 9)], wire: wire)
    // Each visitor's first request opens a session, the second one fills its cart.
    let mix = SessionMix([.addToCart: 1], thinking: .constant(0))
    let visitors = Visitors(mix, count: 9, data: .small, wire: wire, seed: 3)
    let pause = Durations.constant(1e6)
    let result = try visitors.playByTurns(on: exchange, places: 1, pause: pause, seconds: 0.2)
    #expect(result.failed == 0 && result.answered > 0)
    #expect(visitors.statuses[201] == min(9, result.answered))
    #expect(result.latencies.reduce(0, +) <= Int(result.duration))
  }

  @Test func lostConnectionsAreOpenedAgain() throws {
    let open = try OpenShop([.noKeepAlive])
    let wire = ShopWire()
    let exchange = try Exchange([.init(open.shop.endpoint, connections: 4)], wire: wire)
    let mix = SessionMix.shopping.thinking(.constant(10e6))
    let visitors = Visitors(mix, count: 4, data: .small, wire: wire, seed: 3)
    let result = try visitors.play(on: exchange, seconds: 0.3)
    #expect(result.failed == 0 && result.answered > 4)
    #expect(exchange.reconnections == result.answered - 4)
  }

  @Test func aProfileHasAllKinds() throws {
    let open = try OpenShop()
    open.close()
    var settings = ShopSettings(folder: open.folder.path(percentEncoded: false))
    settings.isDurable = false
    let demands = try DemandProfile(settings, requests: 20).measure()
    #expect(demands.kinds.count == SessionMix.Step.allCases.count)
    for kind in demands.kinds {
      #expect(kind.requests == 20, "\(kind.name)")
      #expect(kind.workerCPU.mean > 0 && kind.serverCPU >= kind.workerCPU.mean)
      #expect(kind.response.seconds == kind.response.seconds.sorted())
    }
    let decoded = try JSONDecoder().decode(
      ServiceDemands.self, from: Data(try demands.json().utf8))
    #expect(decoded == demands)
  }

  @Test func aRecentlyUsedValueStays() {
    var kept = RecentlyUsed<Int>(capacity: 2)
    kept.insert(10, for: 1)
    kept.insert(20, for: 2)
    #expect(kept[1] == 10)
    kept.insert(30, for: 3)
    #expect(kept[2] == nil && kept[1] == 10 && kept[3] == 30)
    kept.insert(11, for: 1)
    #expect(kept[1] == 11 && kept.count == 2)
  }
}
