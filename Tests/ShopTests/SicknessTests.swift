import Foundation
import Testing

@testable import Shop

/// Each planted fault shows in a count, and does not where it is not planted.
@Suite(.serialized) struct SicknessTests {
  /// The same requests in a sick Shop and in a healthy one.
  private func compare(
    _ sickness: Sickness, on engine: Engine = .sqlite,
    _ load: (OpenShop) throws -> Void
  ) throws -> (sick: Counts, healthy: Counts) {
    let sick = try OpenShop([sickness], on: engine)
    let healthy = try OpenShop([], on: engine)
    return (try sick.counting { try load(sick) }, try healthy.counting { try load(healthy) })
  }

  @Test func missingIndex() throws {
    let counts = try compare(.missingIndex) { _ = try $0.ask("GET", "/search?q=lamp") }
    #expect(counts.sick[.scannedRows] > DataSize.small.products)
    #expect(counts.healthy[.scannedRows] == 0)
    #expect(counts.sick[.rows] == counts.healthy[.rows])
  }

  @Test(arguments: Engine.installed) func queriesPerRow(engine: Engine) throws {
    let counts = try compare(.queriesPerRow, on: engine) { _ = try $0.ask("GET", "/search?q=lamp") }
    #expect(counts.sick[.queries] == 1 + Catalogue.pageLength)
    #expect(counts.healthy[.queries] == 1)
  }

  @Test(arguments: Engine.installed) func aSmallPoolMakesRequestsWait(engine: Engine) throws {
    for (sicknesses, waiting) in [([Sickness.smallPool], 1), ([], 0)] {
      let open = try OpenShop(Set(sicknesses), on: engine) { $0.poolPatience = 20_000_000_000 }
      let readers = open.shop.storage.readers
      let held = try readers.checkOut(within: 1)
      let client = try open.connect()
      try client.send("GET", "/products/1")
      if waiting > 0 { while open.shop.gauge("shop_pool_waiting") != 1 { usleep(1_000) } }
      if waiting == 0 { #expect(try client.reply().status == 200) }
      #expect(open.shop.gauge("shop_pool_waiting") == waiting)
      readers.checkIn(held)
      if waiting > 0 { #expect(try client.reply().status == 200) }
      #expect(open.shop.counts[.poolWaits] == waiting)
    }
  }

  @Test(arguments: Engine.installed) func aLeakingPoolRunsEmpty(engine: Engine) throws {
    let sick = try OpenShop([.leakingPool], on: engine) { $0.poolPatience = 1_000_000 }
    let healthy = try OpenShop(on: engine)
    for open in [sick, healthy] {
      for _ in 0..<4 { #expect(try open.ask("GET", "/products/0").status == 404) }
    }
    #expect(sick.shop.gauge("shop_pool_in_use") == 4)
    #expect(healthy.shop.gauge("shop_pool_in_use") == 0)
    #expect(try sick.ask("GET", "/products/1").status == 503)
    #expect(try healthy.ask("GET", "/products/1").status == 200)
  }

  @Test func aLockMakesPaymentsQueue() throws {
    for (sicknesses, most) in [([Sickness.checkoutLock], 1), ([], 4)] {
      let open = try OpenShop(Set(sicknesses)) { $0.payments.time = 200_000_000 }
      let buyers = try (0..<4).map { key in
        let session = try open.cart().merging(["Idempotency-Key": "\(key)"]) { $1 }
        let client = try open.connect()
        try client.send("POST", "/checkout", session)
        return client
      }
      for buyer in buyers { #expect(try buyer.reply().status == 201) }
      #expect(open.shop.gauge("shop_payments_most_at_once") == most)
    }
  }

  @Test func aSynchronousLogIsFlushedForEachRequest() throws {
    for (sicknesses, flushes) in [([Sickness.synchronousLog], 5), ([], 0)] {
      let log = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).log").path()
      defer { try? FileManager.default.removeItem(atPath: log) }
      let open = try OpenShop(Set(sicknesses)) { $0.accessLog = log }
      for id in 1...5 { _ = try open.ask("GET", "/products/\(id)") }
      #expect(open.shop.counts[.logFlushes] == flushes)
      open.close()
      let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
      #expect(lines.count == 5)
    }
  }

  @Test func memoryLeak() throws {
    let counts = try compare(.memoryLeak) { for _ in 0..<5 { _ = try $0.ask("GET", "/health") } }
    #expect(counts.sick[.retainedBytes] == 5 * 4_096)
    #expect(counts.healthy[.retainedBytes] == 0)
  }

  @Test func chattyCalls() throws {
    let counts = try compare(.chattyCalls) { _ = try $0.ask("GET", "/cart", $0.cart()) }
    #expect(counts.sick[.catalogueCalls] == 9)
    #expect(counts.healthy[.catalogueCalls] == 1)
  }

  @Test func aStampedeComputesTheSameManyTimes() throws {
    for (sicknesses, computations) in [([Sickness.cacheStampede], 4), ([], 1)] {
      let open = try OpenShop(Set(sicknesses)) { $0.readers = 5 }
      // All look the value up while it is being computed.
      let held = try (0..<5).map { _ in try open.shop.storage.readers.checkOut(within: 1) }
      let clients = try (0..<4).map { _ in try open.connect() }
      for client in clients { try client.send("GET", "/products/1/recommendations") }
      while open.shop.gauge("shop_workers_busy") != 4 { usleep(1_000) }
      while open.shop.gauge("shop_pool_waiting") != computations { usleep(1_000) }
      for each in held { open.shop.storage.readers.checkIn(each) }
      let bodies = try clients.map { try $0.reply().body }
      #expect(Set(bodies).count == 1)
      #expect(open.shop.counts[.computations] == computations)
    }
  }

  @Test(arguments: Engine.installed) func hotRow(engine: Engine) throws {
    let counts = try compare(.hotRow, on: engine) {
      for _ in 0..<5 { _ = try $0.ask("GET", "/products/1") }
    }
    #expect(counts.sick[.commits] == 5)
    #expect(counts.healthy[.commits] == 0)
  }

  @Test func aSlowDependencyHoldsItsWorkers() throws {
    let open = try OpenShop([.slowDependency]) { $0.workers = 2 }
    let carts = try (0..<2).map { try open.cart().merging(["Idempotency-Key": "\($0)"]) { $1 } }
    let buyers = try carts.map { cart in
      let client = try open.connect()
      try client.send("POST", "/checkout", cart)
      return client
    }
    while open.shop.gauge("shop_workers_busy") != 2 { usleep(1_000) }
    // Nobody is left for what has nothing to do with payments.
    let bystander = try open.connect()
    try bystander.send("GET", "/health")
    while open.shop.gauge("shop_queue_length") != 1 { usleep(1_000) }
    #expect(open.shop.counts[.paymentTimeouts] == 0)
    open.close()
    for buyer in buyers { #expect(try buyer.reply().status == 503) }
  }

  @Test func retryStorm() throws {
    let sick = try OpenShop([.retryStorm])
    let healthy = try OpenShop { $0.payments.oneFailureIn = 1 }
    for open in [sick, healthy] {
      for key in 0..<20 { #expect(try open.buy(open.cart([1]), key: "\(key)").status == 402) }
    }
    #expect(sick.shop.counts[.paymentAttempts] == 200)
    // Twenty payments earn two retries; the budget begins with ten.
    #expect(healthy.shop.counts[.paymentAttempts] <= 20 + 10 + 2)
  }

  @Test func oversizedResponses() throws {
    let counts = try compare(.oversizedResponses) { _ = try $0.ask("GET", "/products/1") }
    #expect(counts.sick[.bodyBytes] > 20 * counts.healthy[.bodyBytes])
  }

  @Test(arguments: Engine.installed) func connectionPerRequest(engine: Engine) throws {
    let counts = try compare(.connectionPerRequest, on: engine) {
      for id in 1...5 { _ = try $0.ask("GET", "/products/\(id)") }
    }
    #expect(counts.sick[.openedDatabases] == 5)
    #expect(counts.healthy[.openedDatabases] == 0)
  }

  @Test func noKeepAlive() throws {
    for (sicknesses, connections) in [([Sickness.noKeepAlive], 3), ([], 1)] {
      let open = try OpenShop(Set(sicknesses))
      var client = try open.connect()
      for id in 1...3 {
        let reply = try client.ask("GET", "/products/\(id)")
        if reply.head.contains("Connection: close"), id < 3 {
          #expect(try client.isAtEnd())
          client = try open.connect()
        }
      }
      #expect(open.shop.counts[.acceptedConnections] == connections)
    }
  }

  @Test(arguments: Engine.installed) func missingPagination(engine: Engine) throws {
    let counts = try compare(.missingPagination, on: engine) {
      _ = try $0.ask("GET", "/search?q=lamp")
    }
    #expect(counts.sick[.rows] > 2 * counts.healthy[.rows])
    #expect(counts.sick[.bodyBytes] > 2 * counts.healthy[.bodyBytes])
  }

  @Test(arguments: Engine.installed) func unpreparedStatements(engine: Engine) throws {
    let counts = try compare(.unpreparedStatements, on: engine) { open in
      for _ in 0..<40 { _ = try open.ask("GET", "/products/1") }
    }
    #expect(counts.sick[.parsedStatements] == 40)
    // Once on each connection that was used.
    #expect((1...4).contains(counts.healthy[.parsedStatements]))
  }

  @Test func anUnboundedQueueGrows() throws {
    for (sicknesses, waiting) in [([Sickness.unboundedQueue], 6), ([], 2)] {
      let open = try OpenShop(Set(sicknesses)) {
        ($0.workers, $0.queue, $0.payments.hangs) = (1, 2, true)
      }
      let buyer = try open.cart().merging(["Idempotency-Key": "k"]) { $1 }
      let first = try open.connect()
      try first.send("POST", "/checkout", buyer)
      while open.shop.gauge("shop_workers_busy") != 1 { usleep(1_000) }
      let clients = try (0..<6).map { _ in
        let client = try open.connect()
        try client.send("GET", "/health")
        return client
      }
      while open.shop.gauge("shop_queue_length")! + open.shop.counts[.rejectedRequests] != 6 {
        usleep(1_000)
      }
      #expect(open.shop.gauge("shop_queue_length") == waiting)
      let statuses = try clients.map { try $0.reply().status }
      #expect(statuses.filter { $0 == 503 }.count == 6 - waiting)
      #expect(try first.reply().status == 503)
    }
  }

  @Test func eachSaysWhatItIs() {
    for sickness in Sickness.allCases {
      #expect(!sickness.fault.isEmpty && !sickness.symptom.isEmpty)
      #expect(sickness.rawValue.allSatisfy { $0.isLowercase || $0 == "-" })
    }
    #expect(Set(Sickness.allCases.map(\.fault)).count == Sickness.allCases.count)
  }
}
