import Foundation
import Platform
import Systems
import Testing

@testable import Shop

/// Shops in processes of their own that are stopped and killed.
@Suite(.serialized) struct StandbyTests {
  private func settings(_ open: OpenShop, _ name: String) throws -> ShopSettings {
    let folder = open.file(name)
    try ShopFiles.copy(from: open.folder.path(percentEncoded: false), to: folder)
    var settings = ShopSettings(folder: folder)
    (settings.isDurable, settings.keepsLog, settings.drainSeconds) = (false, true, 2)
    return settings
  }

  /// The data of a Shop that has ended, with a cart in them.
  private func ended() throws -> (OpenShop, cart: [String: String]) {
    let open = try OpenShop()
    let cart = try open.cart()
    open.close()
    return (open, cart)
  }

  private func buy(_ cart: [String: String], at endpoint: Endpoint) throws -> Client.Reply {
    try Client(endpoint).ask(
      "POST", "/checkout", cart.merging(["Idempotency-Key": "k"]) { $1 })
  }

  @Test func aStandbyHasWhatWasAcknowledgedBeforeTheKill() throws {
    let (open, cart) = try ended()
    let settings = try settings(open, "primary")
    let primary = try ShopCopy(settings)
    let log = try LogShipping(
      from: settings.folder, to: open.file("standby"), every: 1_000_000, cpu: nil)
    let reply = try buy(cart, at: primary.endpoint)
    #expect(reply.status == 201)
    let size = try FileManager.default.attributesOfItem(atPath: "\(settings.folder)/shop.db-wal")
    while log.position < size[.size] as? Int ?? 0 { usleep(1_000) }
    primary.kill()
    log.stop()
    var own = settings
    own.folder = open.file("standby")
    let successor = try Shop(own)
    #expect(try buy(cart, at: successor.endpoint).body == reply.body)
    successor.stop()
    let checker = try InvariantChecker(folder: own.folder)
    #expect(try checker.paidKeys().contains("k"))
    #expect(try checker.violations() == [])
  }

  @Test func aShopThatIsStoppedMissesItsChecksAndGoesOn() throws {
    let (open, cart) = try ended()
    let copy = try ShopCopy(settings(open, "stopped"))
    let check = HealthCheck(interval: 5_000_000, misses: 3, timeOut: 20_000_000)
    let patient = HealthCheck(interval: 1_000_000, misses: 3, timeOut: 10_000_000_000)
    var checks = 0
    #expect(
      !patient.waitForAlarm(of: copy.endpoint) {
        checks += 1
        return checks > 5
      })
    copy.pause()
    #expect(check.waitForAlarm(of: copy.endpoint) { false })
    copy.resume()
    #expect(try buy(cart, at: copy.endpoint).status == 201)
    copy.kill()
    #expect(check.waitForAlarm(of: copy.endpoint) { false })
  }

  @Test func anOrderIsNotAcknowledgedUnderAnOldLease() throws {
    let (open, cart) = try ended()
    var settings = try settings(open, "fenced")
    let lease = try Lease(taking: open.file("lease"))
    settings.lease = lease
    let shop = try Shop(settings)
    defer { shop.stop() }
    #expect(lease.isHeld)
    let next = try Lease(taking: open.file("lease"))
    #expect(next.token == lease.token + 1 && next.isHeld && !lease.isHeld)
    #expect(try buy(cart, at: shop.endpoint).status == 503)
  }

  @Test func aShopThatCannotBeOpenedIsAnError() throws {
    var settings = ShopSettings(folder: "/proc/none")
    settings.isDurable = false
    #expect(throws: SystemError.self) { try ShopCopy(settings) }
  }
}
