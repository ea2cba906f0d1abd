import Statistics

/// A seeded data set of a shop: customers, and orders that are distributed over them as a power law
/// distributes them, with exact counts: a quarter of all orders belongs to customers of a single
/// order, a quarter to those of ten, of a hundred, and of a thousand.
///
///     customers(id, name, region)
///     orders(id, customer, status, day, total, note)      about 80 bytes a row
public struct SampleOrders: Sendable, Hashable {
  /// How many orders a customer has, by class.
  public static let classes = [1, 10, 100, 1_000]
  /// Regions, of which each customer has one, evenly.
  public static let regions = 10
  /// Days on which orders are placed, evenly.
  public static let days = 1_000

  /// Of each class: a multiple of a thousand.
  public let ordersOfAClass: Int
  /// Of everything random.
  public let seed: UInt64
  /// One order in so many has status 1 (open), at random; the others have 0.
  public let oneOpenIn: Int

  /// - Parameters:
  ///   - orders: of all classes together: a multiple of four thousand.
  ///   - oneOpenIn: one order in so many is open.
  public init(orders: Int, seed: UInt64, oneOpenIn: Int = 50) {
    precondition(orders > 0 && orders % 4_000 == 0, "\(orders) orders make no whole classes")
    ordersOfAClass = orders / 4
    self.seed = seed
    self.oneOpenIn = oneOpenIn
  }

  /// As many as the machine's numbers are measured with: a table of about 3 MB.
  public static let usual = 32_000

  /// Pages of 4 KiB of the usual table of orders: 55 rows of 74 bytes fit in one.
  public static let pages = 580.0

  /// Rows of `orders`, with the ids from 0.
  public var orders: Int { 4 * ordersOfAClass }

  /// Ids of the customers that have so many orders each.
  /// - Parameter count: one of `classes`.
  public func customers(having count: Int) -> Range<Int> {
    var start = 0
    for each in Self.classes {
      let customers = ordersOfAClass / each
      if each == count { return start..<start + customers }
      start += customers
    }
    preconditionFailure("no customer has \(count) orders")
  }

  /// Rows of `customers`, with the ids from 0.
  public var customers: Int { customers(having: 1_000).upperBound }

  /// The tables without a row, and without any index but the primary keys.
  public static let schema = """
    CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT NOT NULL, region INTEGER NOT NULL);
    CREATE TABLE orders(
      id INTEGER PRIMARY KEY, customer INTEGER NOT NULL, status INTEGER NOT NULL,
      day INTEGER NOT NULL, total INTEGER NOT NULL, note TEXT NOT NULL);
    """

  /// Inserts an order: customer, status, day, total, note.
  public static let insertion =
    "INSERT INTO orders(customer, status, day, total, note) VALUES (?, ?, ?, ?, ?)"

  /// As long as a line of an address.
  public static let note = "left with the neighbour on the second floor, rang twice"

  /// Makes the tables in an empty database and fills them. The totals are the numbers from 0 in
  /// random order, so that `total < n` holds for n orders, anywhere in the table.
  public func fill(_ database: SQLiteDatabase) throws {
    var generator = SeededGenerator(seed: seed)
    try database.execute(Self.schema)
    try database.transaction {
      let customer = try database.prepare("INSERT INTO customers VALUES (?, ?, ?)")
      for id in 0..<customers {
        try customer.bind(id, at: 1)
        try customer.bind("customer number \(id)", at: 2)
        try customer.bind(id % Self.regions, at: 3)
        try customer.run()
      }
      let owners = owners().shuffled(using: &generator)
      let totals = (0..<orders).shuffled(using: &generator)
      let order = try database.prepare(
        "INSERT INTO orders VALUES (?, ?, ?, ?, ?, '\(Self.note)')")
      for id in 0..<orders {
        let random = generator.next()
        try order.bind(id, at: 1)
        try order.bind(owners[id], at: 2)
        try order.bind(random >> 32 % UInt64(oneOpenIn) == 0 ? 1 : 0, at: 3)
        try order.bind(Int(random & 0xffff) * Self.days / 65_536, at: 4)
        try order.bind(totals[id], at: 5)
        try order.run()
      }
    }
  }

  private func owners() -> [Int] {
    Self.classes.flatMap { count in
      customers(having: count).flatMap { repeatElement($0, count: count) }
    }
  }
}
