import Databases
import Harness

/// A list of orders, and the statements that find their customers' names.
final class OrderList {
  /// `SELECT id, customer`: the list.
  private let list: SQLiteStatement
  /// The name of one customer.
  let name: SQLiteStatement
  /// The names of as many as the list has rows.
  let names: SQLiteStatement
  /// The list with the names.
  let joined: SQLiteStatement
  let begin: SQLiteStatement
  let commit: SQLiteStatement
  /// The id that it begins with.
  let first: Int
  private let rows: Int

  init(_ point: Point) throws {
    let sample = point.orders
    rows = point.value
    first = Self.first(point)
    let path = try OrdersFiles.shared(OrdersFiles.Contents(sample: sample))
    let database = try SQLiteDatabase(.file(path), .reading)
    list = try database.prepare(
      "SELECT id, customer FROM orders WHERE id >= ? LIMIT \(rows)",
      plan: "SEARCH orders USING INTEGER PRIMARY KEY (rowid>?)")
    let one = "SEARCH customers USING INTEGER PRIMARY KEY (rowid=?)"
    name = try database.prepare("SELECT name FROM customers WHERE id = ?", plan: one)
    let marks = repeatElement("?", count: rows).joined(separator: ", ")
    names = try database.prepare(
      "SELECT id, name FROM customers WHERE id IN (\(marks))", plan: one)
    joined = try database.prepare(
      """
      SELECT orders.id, name FROM orders JOIN customers ON customers.id = customer
      WHERE orders.id >= ? LIMIT \(rows)
      """, plan: "SEARCH orders USING INTEGER PRIMARY KEY (rowid>?); \(one)")
    begin = try database.prepare("BEGIN")
    commit = try database.prepare("COMMIT")
  }

  /// The id that the list begins with.
  static func first(_ point: Point) -> Int {
    var generator = point.generator()
    return Int.random(in: 0..<point.orders.orders - point.value, using: &generator)
  }

  /// The rows of the list.
  func orders() throws -> [(id: Int, customer: Int)] {
    var orders: [(id: Int, customer: Int)] = []
    orders.reserveCapacity(rows)
    try list.bind(first, at: 1)
    while try list.step() { orders.append((list.integer(0), list.integer(1))) }
    list.reset()
    return orders
  }
}
