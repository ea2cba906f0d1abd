import Databases
import Harness
import Platform
import Statistics
import Synchronization
import Techniques

/// Purchases in three tables, and what customers spent by category in one that is kept beside them.
/// All variants of a process read one file, each by a connection and a page cache of its own.
final class PurchaseFiles {
  /// Of each order; categories of goods; customers.
  static let (items, categories, customers) = (5, 10, 20)

  private let database: SQLiteDatabase
  private let joined, kept: SQLiteStatement
  private let order: [Int]

  private struct Key: Hashable {
    let (orders, seed): (Int, UInt64)
  }

  private static let name = "purchases.db"
  private static let filled = Mutex<[Key: ScratchFolder]>([:])

  /// - Parameter point: its value are the orders of each customer.
  init(_ point: Point) throws {
    database = try SQLiteDatabase(.file(try Self.file(point)), .building)
    joined = try database.prepare(
      """
      SELECT category, sum(quantity * price) FROM orders
        JOIN items ON items.purchase = orders.id JOIN products ON products.id = items.product
        WHERE customer = ? GROUP BY category ORDER BY category
      """)
    kept = try database.prepare(
      "SELECT category, amount FROM spent WHERE customer = ? ORDER BY category")
    var random = point.generator()
    order = (0..<Self.customers).shuffled(using: &random)
  }

  /// The file with these purchases.
  private static func file(_ point: Point) throws -> String {
    let key = Key(orders: point.value, seed: point.seed)
    return try filled.withLock { filled in
      if let folder = filled[key] { return folder.file(name) }
      let folder = try ScratchFolder(bytes: 64 << 20)
      let path = folder.file(name)
      let database = try SQLiteDatabase(.file(path), .building)
      try database.execute(
        """
        CREATE TABLE products(id INTEGER PRIMARY KEY, category INTEGER, price INTEGER);
        CREATE TABLE orders(id INTEGER PRIMARY KEY, customer INTEGER);
        CREATE TABLE items(purchase INTEGER, product INTEGER, quantity INTEGER);
        CREATE TABLE spent(customer INTEGER, category INTEGER, amount INTEGER,
          PRIMARY KEY(customer, category)) WITHOUT ROWID;
        """)
      var random = point.generator()
      try fill(database, orders: point.value, &random)
      filled[key] = folder
      return path
    }
  }

  /// An event of each item raises the sum that it belongs to, as a consumer of events would.
  private static func fill(
    _ database: SQLiteDatabase, orders: Int, _ random: inout SeededGenerator
  ) throws {
    let product = try database.prepare("INSERT INTO products VALUES(?, ?, ?)")
    let purchase = try database.prepare("INSERT INTO orders VALUES(?, ?)")
    let item = try database.prepare("INSERT INTO items VALUES(?, ?, ?)")
    let event = try database.prepare(
      """
      INSERT INTO spent SELECT ?, category, ? * price FROM products WHERE id = ?
        ON CONFLICT(customer, category) DO UPDATE SET amount = amount + excluded.amount
      """)
    func run(_ statement: SQLiteStatement, _ values: Int...) throws {
      for (place, value) in values.enumerated() { try statement.bind(value, at: place + 1) }
      try statement.run()
    }
    try database.transaction {
      for id in 0..<1_000 {
        try run(product, id, id % categories, Int.random(in: 1...500, using: &random))
      }
      for id in 0..<orders * customers {
        try run(purchase, id, id % customers)
        for _ in 0..<items {
          let (bought, quantity) = (
            Int.random(in: 0..<1_000, using: &random), Int.random(in: 1...3, using: &random)
          )
          try run(item, id, bought, quantity)
          try run(event, id % customers, quantity, bought)
        }
      }
    }
    try database.execute(
      """
      CREATE INDEX orders_customer ON orders(customer);
      CREATE INDEX items_purchase ON items(purchase);
      ANALYZE;
      """)
  }

  /// What each customer spent, from all purchases.
  func readJoined() throws -> UInt64 { try read(joined) }

  /// The same from what is kept.
  func readKept() throws -> UInt64 { try read(kept) }

  private func read(_ statement: SQLiteStatement) throws -> UInt64 {
    var digest: UInt64 = 0
    for customer in order {
      try statement.bind(customer, at: 1)
      while try statement.step() {
        digest = mixedHash(
          digest ^ UInt64(statement.integer(0)) &+ UInt64(statement.integer(1)) << 8)
      }
      statement.reset()
    }
    return digest
  }
}
