import Databases
import Drills
import Platform

/// A line of an order, as analysts see it. The price is in cents.
struct OrderLine: Sendable {
  let order, product, quantity, price: Int
}

/// What the analysts ask for.
struct LinesSum: Equatable {
  var lines = 0
  var cents = 0
}

/// All lines of all orders, to be summed.
protocol OrderLines: AnyObject {
  /// Has an order hold these lines and no others.
  func replace(order: Int, by lines: [OrderLine]) throws
  func sum() throws -> LinesSum
}

/// A table of SQLite: a Shop's own, or a copy of it.
final class LinesInRows: OrderLines {
  private let database: SQLiteDatabase
  private let sums, removal, insertion: SQLiteStatement

  /// - Parameter folder: of a Shop.
  convenience init(at folder: String) throws { try self.init(ShopData.opened(folder)) }

  /// A copy in a file of its own.
  convenience init(copying lines: [OrderLine], to path: String) throws {
    let database = try SQLiteDatabase(
      .file(path), SQLiteSettings(cacheBytes: 16 << 20, journal: .wal, synchronous: .normal))
    try database.execute(
      """
      CREATE TABLE lines(
        orderid INTEGER NOT NULL, product INTEGER NOT NULL, quantity INTEGER NOT NULL,
        price INTEGER NOT NULL, PRIMARY KEY(orderid, product)) WITHOUT ROWID
      """)
    try self.init(database)
    try database.transaction { for line in lines { try insert(line) } }
  }

  private init(_ database: SQLiteDatabase) throws {
    self.database = database
    sums = try database.prepare("SELECT count(*), sum(quantity * price) FROM lines")
    removal = try database.prepare("DELETE FROM lines WHERE orderid = ?")
    insertion = try database.prepare("INSERT INTO lines VALUES (?, ?, ?, ?)")
  }

  func replace(order: Int, by lines: [OrderLine]) throws {
    try database.transaction {
      try removal.bind(order, at: 1)
      try removal.run()
      for line in lines { try insert(line) }
    }
  }

  private func insert(_ line: OrderLine) throws {
    let values = [line.order, line.product, line.quantity, line.price]
    for (index, value) in values.enumerated() { try insertion.bind(value, at: index + 1) }
    try insertion.run()
  }

  func sum() throws -> LinesSum {
    defer { sums.reset() }
    _ = try sums.step()
    return LinesSum(lines: sums.integer(0), cents: sums.integer(1))
  }

  /// The sum in the database as it is now, and its position in the outbox, asked for later.
  func pinned() throws -> (position: Int, sum: () throws -> LinesSum) {
    try database.execute("BEGIN")
    let position = try database.integer("SELECT coalesce(max(number), 0) FROM outbox") ?? 0
    return (
      position,
      {
        defer { try? self.database.execute("COMMIT") }
        return try self.sum()
      }
    )
  }
}

/// Packed columns for what was there when it was made, rows for the orders that came after it.
final class LinesInColumns: OrderLines {
  private let packed: ColumnFile
  private let quantity, price: Int
  private var newer: [Int: [OrderLine]] = [:]
  private var quantities = [Int](repeating: 0, count: ColumnFile.groupRows)

  init(copying lines: [OrderLine], to path: String) throws {
    try ColumnFile.write(
      [
        .init("order", .integers(lines.map(\.order))),
        .init("product", .integers(lines.map(\.product))),
        .init("quantity", .integers(lines.map(\.quantity))),
        .init("price", .integers(lines.map(\.price))),
      ], to: path)
    packed = try ColumnFile(path)
    (quantity, price) = (try packed.column("quantity"), try packed.column("price"))
  }

  /// An order that is packed does not change any more.
  func replace(order: Int, by lines: [OrderLine]) { newer[order] = lines }

  func sum() throws -> LinesSum {
    var sum = LinesSum(lines: packed.rows)
    for group in 0..<packed.groups {
      try packed.integers(quantity, of: group) { values in
        for index in values.indices { quantities[index] = values[index] }
      }
      sum.cents &+= try packed.integers(price, of: group) { prices in
        quantities.withUnsafeBufferPointer { quantities in
          var cents = 0
          for index in prices.indices { cents &+= quantities[index] &* prices[index] }
          return cents
        }
      }
    }
    for lines in newer.values {
      sum.lines += lines.count
      for line in lines { sum.cents += line.quantity * line.price }
    }
    return sum
  }
}

/// What a Shop's outbox names, for a copy of its order lines. The outbox keeps its entries: the
/// position is the copy's own.
final class LinesFeed {
  private let source: SQLiteDatabase
  private let pending, lines: SQLiteStatement
  private var position = 0
  /// By `Clock`: what was committed before is in the copy.
  private(set) var time = Clock.now()

  /// - Parameter folder: of a Shop that nobody writes to yet.
  init(from folder: String) throws {
    try ShopOutbox.install(in: folder)
    source = try ShopData.opened(folder)
    pending = try source.prepare(
      "SELECT number, id FROM outbox WHERE number > ? AND number <= ? AND kind = 0 "
        + "ORDER BY number")
    lines = try source.prepare(
      "SELECT orderid, product, quantity, price FROM lines WHERE orderid BETWEEN ? AND ?")
  }

  /// What is there at the beginning.
  func all() throws -> [OrderLine] { try read(.min ... .max) }

  /// Carries what has come since, orders as they are by now.
  /// - Parameter end: the position to stop at.
  func carry(to copy: any OrderLines, until end: Int = .max) throws {
    let began = Clock.now()
    var orders: [Int: [OrderLine]] = [:]
    try source.transaction {
      try pending.bind(position, at: 1)
      try pending.bind(end, at: 2)
      defer { pending.reset() }
      while try pending.step() {
        position = pending.integer(0)
        orders[pending.integer(1)] = []
      }
      for order in orders.keys { orders[order] = try read(order...order) }
    }
    for (order, lines) in orders { try copy.replace(order: order, by: lines) }
    time = began
  }

  private func read(_ orders: ClosedRange<Int>) throws -> [OrderLine] {
    try lines.bind(orders.lowerBound, at: 1)
    try lines.bind(orders.upperBound, at: 2)
    defer { lines.reset() }
    var found: [OrderLine] = []
    while try lines.step() {
      found.append(
        OrderLine(
          order: lines.integer(0), product: lines.integer(1), quantity: lines.integer(2),
          price: lines.integer(3)))
    }
    return found
  }
}
