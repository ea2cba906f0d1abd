import Databases
import Harness
import Platform
import Results
import Synchronization

/// Orders and stock, of two services that write at once: into one file, or each into a file
/// of its own.
final class OwnedTables {
  /// Enters an order of a product, which takes it out of stock or does not.
  typealias Taking = (OwnedTables, _ product: Int, _ takes: Bool) throws -> Void

  /// Of each service in a call.
  static let operations = 1_000
  /// Of scratch space.
  static let bytes = 96 << 20
  /// Operations of the stock's owner after which it applies what has been sent to it.
  private static let batch = 20
  private static let products = 500

  let orders, stock: SQLiteDatabase
  private(set) var report: [String: Counter] = [:]
  private let folder: ScratchFolder
  private let ownsTables: Bool
  private let share: Int
  private let team: Team
  private let addOrder, take, apply, changePrice: SQLiteStatement
  private let enter: SQLiteStatement?
  private let messages = Mutex<[Int]>([])
  private let isDone = Atomic(false)
  private var (longestOrder, longestChange): (UInt64, UInt64) = (0, 0)
  private var mostMessages = 0

  init(_ point: Point, ownsTables: Bool) throws {
    folder = try ScratchFolder(bytes: Self.bytes)
    self.ownsTables = ownsTables
    share = point.value
    team = try point.team(2)
    orders = try Self.opened(folder.file("orders.db"))
    stock = try Self.opened(folder.file(ownsTables ? "stock.db" : "orders.db"))
    try orders.execute(
      """
      CREATE TABLE orders(id INTEGER PRIMARY KEY, product INTEGER NOT NULL);
      CREATE TABLE outbox(number INTEGER PRIMARY KEY, product INTEGER NOT NULL);
      """)
    try stock.execute(
      """
      CREATE TABLE stock(
        product INTEGER PRIMARY KEY, pieces INTEGER NOT NULL, price INTEGER NOT NULL);
      WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT \(Self.products))
        INSERT INTO stock SELECT i, 1000000000, 100 FROM n;
      """)
    let less = "UPDATE stock SET pieces = pieces - 1 WHERE product = ?"
    addOrder = try orders.prepare("INSERT INTO orders(product) VALUES (?)")
    enter = ownsTables ? try orders.prepare("INSERT INTO outbox(product) VALUES (?)") : nil
    take = try (ownsTables ? stock : orders).prepare(less)
    apply = try stock.prepare(less)
    changePrice = try stock.prepare("UPDATE stock SET price = price + 1 WHERE product = ?")
  }

  private static func opened(_ path: String) throws -> SQLiteDatabase {
    var settings = SQLiteSettings(cacheBytes: 8 << 20, journal: .wal, synchronous: .normal)
    settings.patience = 30
    return try SQLiteDatabase(.file(path), settings)
  }

  /// That has the right to write from its beginning on.
  static func write(on database: SQLiteDatabase, _ body: () throws -> Void) throws {
    try database.execute("BEGIN IMMEDIATE")
    try body()
    try database.execute("COMMIT")
  }

  // What an order is made of.

  func enterOrder(_ product: Int) throws { try Self.run(addOrder, product) }
  func takeStock(_ product: Int) throws { try Self.run(take, product) }
  func enterMessage(_ product: Int) throws { if let enter { try Self.run(enter, product) } }

  func send(_ product: Int) {
    let count = messages.withLock { messages in
      messages.append(product)
      return messages.count
    }
    mostMessages = max(mostMessages, count)
  }

  private static func run(_ statement: SQLiteStatement, _ value: Int) throws {
    try statement.bind(value, at: 1)
    try statement.run()
  }

  // The services.

  private func sellOrders(by taking: Taking) throws {
    for number in 0..<Self.operations {
      let start = Clock.now()
      try taking(self, number * 389 % Self.products, number * 37 % 100 < share)
      longestOrder = max(longestOrder, Clock.now() - start)
    }
    isDone.store(true, ordering: .releasing)
  }

  private func changePrices() throws {
    for number in 0..<Self.operations {
      let start = Clock.now()
      try Self.write(on: stock) { try Self.run(changePrice, number * 389 % Self.products) }
      longestChange = max(longestChange, Clock.now() - start)
      if number % Self.batch == Self.batch - 1 { try applyMessages() }
    }
  }

  /// - Returns: whether there were any.
  @discardableResult
  private func applyMessages() throws -> Bool {
    let products = messages.withLock { messages in
      defer { messages = [] }
      return messages
    }
    guard !products.isEmpty else { return false }
    try Self.write(on: stock) { for product in products { try Self.run(apply, product) } }
    return true
  }

  /// Both services at once, until all is applied.
  /// - Returns: how many orders, pieces and prices have changed.
  func sell(by taking: Taking) -> UInt64 {
    orEnd {
      let (before, waited) = (try state(), waits)
      (longestOrder, longestChange, mostMessages) = (0, 0, 0)
      isDone.store(false, ordering: .relaxed)
      team.run { member in
        orEnd {
          guard member == 1 else { return try sellOrders(by: taking) }
          try changePrices()
          while !isDone.load(ordering: .acquiring) { if try !applyMessages() { pause() } }
          try applyMessages()
        }
      }
      if ownsTables { try orders.execute("DELETE FROM outbox") }
      let after = try state()
      show(waits - waited, pieces: before.pieces - after.pieces)
      return mixed(
        UInt64(after.orders - before.orders) << 40
          | UInt64(before.pieces - after.pieces) << 20 | UInt64(after.prices - before.prices))
    }
  }

  private func pause() { for _ in 0..<200 { _ = isDone.load(ordering: .relaxed) } }

  private func state() throws -> (orders: Int, pieces: Int, prices: Int) {
    (
      try orders.integer("SELECT count(*) FROM orders") ?? 0,
      try stock.integer("SELECT sum(pieces) FROM stock") ?? 0,
      try stock.integer("SELECT sum(price) FROM stock") ?? 0
    )
  }

  private var waits: UInt64 { orders.nanosecondsWaited + stock.nanosecondsWaited }

  private func show(_ waited: UInt64, pieces: Int) {
    let each = Double(waited) / Double(2 * Self.operations)
    report = [
      "lock waits per operation": Counter(each, unit: .nanoseconds),
      "longest operation": Counter(
        Double(max(longestOrder, longestChange)), unit: .nanoseconds),
      "transactions over both tables": .count(ownsTables ? 0 : Double(pieces)),
      "messages not yet applied, at most": .count(Double(mostMessages)),
    ]
  }

  /// Nanoseconds of a call's orders, and of its prices, with nobody beside them.
  static func demands(_ point: Point) throws -> [String: Double] {
    func time(_ body: () throws -> Void) rethrows -> Double {
      let start = Clock.now()
      try body()
      return Double(Clock.now() - start)
    }
    let shared = try OwnedTables(point, ownsTables: false)
    let owned = try OwnedTables(point, ownsTables: true)
    return [
      "orders, stock in the same file": try time {
        try shared.sellOrders { tables, product, takes in
          try write(on: tables.orders) {
            try tables.enterOrder(product)
            if takes { try tables.takeStock(product) }
          }
        }
      },
      "prices in the same file": try time { try shared.changePrices() },
      "orders and messages": try time {
        try owned.sellOrders { tables, product, takes in
          try write(on: tables.orders) {
            try tables.enterOrder(product)
            if takes { try tables.enterMessage(product) }
          }
          if takes { tables.send(product) }
        }
      },
      "prices, and messages applied": try time { try owned.changePrices() },
    ]
  }
}
