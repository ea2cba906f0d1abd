import Databases
import Foundation
import Platform
import Systems

@testable import Shop

/// A Shop for a test, in a folder of its own, and a client that asks one thing at a time.
final class OpenShop {
  let folder: URL
  let shop: Shop
  /// Nil for SQLite.
  let server: PostgresServer?
  private var isOpen = true

  init(
    _ sicknesses: Set<Sickness> = [], on engine: Engine = .sqlite,
    _ change: (inout ShopSettings) -> Void = { _ in }
  ) throws {
    folder = Self.base.appending(path: UUID().uuidString)
    try FileManager.default.copyItem(at: Self.filled.get(), to: folder)
    server = engine == .postgresql ? try PostgresServer() : nil
    var settings = ShopSettings(folder: folder.path(percentEncoded: false))
    settings.postgres = server?.target
    settings.isDurable = false
    settings.sicknesses = sicknesses
    settings.drainSeconds = 2
    change(&settings)
    shop = try Shop(settings)
  }

  /// Where this process's Shops lie. They go when it ends, also those that could not be opened and
  /// those of a test that ends the process.
  private static let base: URL = {
    let folder = FileManager.default.temporaryDirectory.appending(path: "shop-tests-\(getpid())")
    atexit { try? FileManager.default.removeItem(at: OpenShop.base) }
    return folder
  }()

  /// The data are filled in once, and copied for each test.
  private static let filled: Result<URL, any Error> = Result {
    let template = base.appending(path: "template")
    try FileManager.default.createDirectory(at: template, withIntermediateDirectories: true)
    var settings = ShopSettings(folder: template.path(percentEncoded: false))
    settings.isDurable = false
    try Shop(settings).stop()
    return template
  }

  deinit {
    close()
    try? FileManager.default.removeItem(at: folder)
  }

  /// Ends it; its files stay.
  func close() {
    if isOpen { shop.stop() }
    isOpen = false
  }

  func file(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }

  /// Runs SQL past the Shop.
  func execute(_ sql: String) throws {
    if let server { try server.connect().execute(sql) } else { try database().execute(sql) }
  }

  /// What a query past the Shop returns.
  func integer(_ sql: String) throws -> Int? {
    try server?.connect().execute(sql).integer(0, 0) ?? database().integer(sql)
  }

  /// The same of a Shop on SQLite.
  func database() throws -> SQLiteDatabase {
    try SQLiteDatabase(.file(file("shop.db")), SQLiteSettings(journal: .wal))
  }

  var checker: InvariantChecker {
    get throws {
      try server.map { try InvariantChecker(postgres: $0.target) }
        ?? InvariantChecker(folder: folder.path(percentEncoded: false))
    }
  }

  /// What was counted while `body` ran.
  func counting(_ body: () throws -> Void) rethrows -> Counts {
    let before = shop.counts
    try body()
    return shop.counts - before
  }

  func connect() throws -> Client { try Client(shop.endpoint) }

  /// One request on a connection of its own.
  func ask(
    _ method: String, _ path: String, _ headers: [String: String] = [:], body: String = ""
  ) throws -> Client.Reply {
    try connect().ask(method, path, headers, body: body)
  }

  /// Opens a session; its header.
  func session() throws -> [String: String] {
    let reply = try ask("POST", "/sessions")
    let token = try require(reply.json["session"] as? String)
    return ["Authorization": "Bearer \(token)"]
  }

  /// A session with some products in its cart.
  func cart(_ products: [Int] = [1, 2, 3]) throws -> [String: String] {
    let session = try session()
    for product in products {
      let reply = try ask(
        "POST", "/cart", session, body: "{\"product\": \(product), \"quantity\": 2}")
      guard reply.status == 200 else { throw Unexpected(reply: "\(reply)") }
    }
    return session
  }

  /// Checkouts with their keys, sent before any reply is waited for.
  func atOnce(_ checkouts: [(session: [String: String], key: String)]) throws -> [Client.Reply] {
    let clients = try checkouts.map { _ in try connect() }
    for (client, (session, key)) in zip(clients, checkouts) {
      try client.send("POST", "/checkout", session.merging(["Idempotency-Key": key]) { $1 })
    }
    return try clients.map { try $0.reply() }
  }

  func buy(_ session: [String: String], key: String) throws -> Client.Reply {
    try ask("POST", "/checkout", session.merging(["Idempotency-Key": key]) { $1 })
  }
}

/// Where a Shop's data are.
enum Engine: CaseIterable {
  case sqlite, postgresql

  /// All that this machine has.
  static let installed =
    InstalledProgram.path(of: "postgres") == nil ? [Engine.sqlite] : Engine.allCases
}

struct Unexpected: Error {
  let reply: String
}

func require<Value>(_ value: Value?) throws -> Value {
  guard let value else { throw Unexpected(reply: "nil") }
  return value
}
