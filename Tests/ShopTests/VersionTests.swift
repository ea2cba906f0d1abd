import Glibc
import Platform
import Systems
import Testing

@testable import Shop

/// A Shop that speaks HTTP/1.1, HTTP/2, or both at one port.
@Suite struct VersionTests {
  private func clients(
    _ count: Int, modern: Int, of shop: Shop
  ) throws -> (clients: VersionedClients, loops: EventLoops) {
    let loops = try EventLoops(cpus: [Affinity.allowed()[0]])
    let clients = VersionedClients(
      count, modern: modern, at: shop.endpoint, asking: ["/products/1", "/products/2"],
      on: loops.loops[0])
    return (clients, loops)
  }

  /// One request for each client, so that none waits for another one.
  private static let some = Arrivals.constant(rate: 200, seconds: 0.1)

  @Test func bothVersionsAreServedAtOnePort() throws {
    let open = try OpenShop { $0.versions = .both }
    let (clients, loops) = try clients(20, modern: 10, of: open.shop)
    let found = try clients.play(Self.some)
    #expect(found.asked == 20 && found.failed == 0 && found.wrong == 0)
    #expect(found.latencies[1]?.count == 10 && found.latencies[2]?.count == 10)
    #expect(open.shop.counts[.acceptedConnections] == 20)
    withExtendedLifetime(loops) {}
  }

  /// A second response to the first request would be taken for that to the next one.
  @Test(arguments: [0, 1])
  func eachRequestIsSentOnce(modern: Int) throws {
    let open = try OpenShop { $0.versions = .both }
    let (clients, loops) = try clients(1, modern: modern, of: open.shop)
    for _ in 0..<2 {
      let found = try clients.play(.constant(rate: 1e6, seconds: 5e-6))
      #expect(found.asked == 5 && found.failed == 0 && found.wrong == 0)
    }
    #expect(open.shop.counts[.acceptedConnections] == 1)
    withExtendedLifetime(loops) {}
  }

  @Test func modernClientsGoBackToTheOldVersion() throws {
    let open = try OpenShop()
    let (clients, loops) = try clients(20, modern: 20, of: open.shop)
    let found = try clients.play(Self.some)
    #expect(found.failed == 0 && found.latencies[1]?.count == 20)
    withExtendedLifetime(loops) {}
  }

  @Test func oldClientsFailWhereOnlyTheNewVersionIsSpoken() throws {
    let open = try OpenShop { $0.versions = .two }
    let (clients, loops) = try clients(20, modern: 10, of: open.shop)
    let found = try clients.play(Self.some)
    #expect(found.failed == 10 && found.latencies[2]?.count == 10)
    withExtendedLifetime(loops) {}
  }

  @Test(arguments: [1, 3, 24])
  func theFirstBytesMayComeInPieces(first count: Int) throws {
    let open = try OpenShop { $0.versions = .both }
    for request in [ShopAsk("POST", "/sessions").bytes, ShopAsk("GET", "/products/1").bytes] {
      let socket = try Socket.connected(to: open.shop.endpoint, options: [.noDelay(true)])
      for part in [request[..<count], request[count...]] {
        try part.withUnsafeBytes { try socket.send($0) }
        usleep(10_000)
      }
      var bytes = [UInt8](repeating: 0, count: 12)
      #expect(try bytes.withUnsafeMutableBytes { try socket.receiveAll($0) })
      #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 20"))
    }
  }

  @Test func whoHasSaidNothingIsClosedAtTheEnd() throws {
    let open = try OpenShop {
      $0.versions = .both
      $0.idleSeconds = 0
    }
    let socket = try Socket.connected(to: open.shop.endpoint)
    while open.shop.gauge("shop_connections_open") != 1 { usleep(1_000) }
    open.close()
    var byte: UInt8 = 0
    #expect(try withUnsafeMutableBytes(of: &byte) { try socket.receive($0) } == 0)
  }

  @Test func connectionsOfBothVersionsAreHandedOver() throws {
    let listener = try Socket.listening()
    let first = try OpenShop { $0.versions = .both }
    var settings = ShopSettings(folder: first.folder.path(percentEncoded: false))
    (settings.isDurable, settings.versions, settings.cancelsUnpaidOrders) = (false, .both, false)
    (settings.idleSeconds, settings.drainSeconds) = (0.1, 2)
    let old = try Shop(settings, listening: listener)
    let (clients, loops) = try clients(20, modern: 10, of: old)
    _ = try clients.play(Self.some)
    let new = try Shop(settings, listening: listener)
    old.stop()
    let found = try clients.play(Self.some)
    #expect(found.wrong == 0 && found.asked == 20)
    #expect(new.requests > 0)
    new.stop()
    withExtendedLifetime(loops) {}
  }
}
