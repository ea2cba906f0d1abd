import Platform
import Shop
import Systems
import Testing

@testable import Drills

@Suite struct ShopProcessTests {
  @Test func whatAKilledShopHasAcknowledgedIsThere() throws {
    let folder = try ScratchFolder(bytes: 64 << 20)
    let first = try ShopProcess(folder: folder.path)
    let wire = ShopWire()
    // A closed loop: however slow the machine is, there is a connection for each request.
    let exchange = try Exchange([.init(first.endpoint, connections: 8)], wire: wire)
    let mix = SessionMix([.addToCart: 1, .checkout: 1], thinking: .constant(0))
    let visitors = Visitors(mix, count: 8, data: .small, wire: wire, seed: 1)
    _ = try visitors.play(on: exchange, seconds: 1)
    first.kill()
    #expect(!visitors.acknowledged.isEmpty)
    let second = try ShopProcess(folder: folder.path, port: first.endpoint.port)
    let checker = try InvariantChecker(folder: folder.path)
    #expect(try checker.violations(acknowledged: visitors.acknowledged) == [])
    // An order that nobody wrote is missed.
    #expect(try checker.violations(acknowledged: [1 << 40]) == ["1 acknowledged orders are lost"])
    second.kill()
  }
}
