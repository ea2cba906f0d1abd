import Databases
import Harness
import Platform
import Results
import Statistics

/// Customers whose addresses change, and what finds a customer by an address: an index of the
/// database, or a table that the program keeps.
final class CustomerAddresses {
  /// Of a call.
  static let changes = 50
  /// Of scratch space.
  static let bytes = 64 << 20
  private static let kills = 5

  let database: SQLiteDatabase
  private let row, old, forget, enter: SQLiteStatement
  private let look: SQLiteStatement
  private let count: Int
  private var made = 0

  /// - Parameter hasIndex: whether the database finds addresses by itself.
  init(_ path: String, customers: Int, hasIndex: Bool) throws {
    var settings = SQLiteSettings(cacheBytes: 16 << 20, journal: .wal, synchronous: .full)
    settings.patience = 5
    let database = try SQLiteDatabase(.file(path), settings)
    self.database = database
    count = customers
    if try database.integer("SELECT count(*) FROM sqlite_master") == 0 {
      try database.transaction {
        try database.execute(
          """
          CREATE TABLE customers(id INTEGER PRIMARY KEY, address INTEGER NOT NULL, note TEXT);
          WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT \(customers))
            INSERT INTO customers SELECT i, -1 - i, 'left with the neighbour upstairs' FROM n;
          CREATE TABLE addresses(address INTEGER PRIMARY KEY, customer INTEGER NOT NULL);
          INSERT INTO addresses SELECT address, id FROM customers;
          """)
        if hasIndex { try database.execute("CREATE INDEX by_address ON customers(address)") }
      }
    }
    row = try database.prepare("UPDATE customers SET address = ? WHERE id = ?")
    old = try database.prepare("SELECT address FROM customers WHERE id = ?")
    forget = try database.prepare("DELETE FROM addresses WHERE address = ?")
    enter = try database.prepare("INSERT OR REPLACE INTO addresses VALUES (?, ?)")
    look = try database.prepare(
      hasIndex
        ? "SELECT id FROM customers WHERE address = ?"
        : "SELECT customer FROM addresses WHERE address = ?")
  }

  // What a change is made of.

  func setRow(_ customer: Int, to address: Int) throws {
    try run(row, address, customer)
  }

  func address(of customer: Int) throws -> Int {
    try old.bind(customer, at: 1)
    defer { old.reset() }
    return try old.step() ? old.integer(0) : 0
  }

  func setEntry(_ customer: Int, from before: Int, to address: Int) throws {
    try forget.bind(before, at: 1)
    try forget.run()
    try run(enter, address, customer)
  }

  private func run(_ statement: SQLiteStatement, _ first: Int, _ second: Int) throws {
    try statement.bind(first, at: 1)
    try statement.bind(second, at: 2)
    try statement.run()
  }

  /// Changes so many addresses.
  func change(
    _ number: Int, by change: (CustomerAddresses, Int, Int) throws -> Void
  ) throws -> UInt64 {
    for _ in 0..<number {
      made += 1
      // Random places of the index and of the table.
      let address = Int(truncatingIfNeeded: mixed(UInt64(made)) >> 16)
      try change(self, made * 389 % count, address)
    }
    return UInt64(number)
  }

  func lookUp() throws -> Counter {
    let addresses = try (0..<200).map { try address(of: $0 * 7 % count) }
    let start = Clock.now()
    for address in addresses {
      try look.bind(address, at: 1)
      _ = try look.step()
      look.reset()
    }
    return .seconds(Double(Clock.now() - start) / 200e9)
  }

  /// Entries that name the wrong customer or none, and customers without an entry.
  private func diverged() throws -> Int {
    let wrong = """
      SELECT (SELECT count(*) FROM addresses a LEFT JOIN customers c ON c.id = a.customer
                WHERE c.address IS NOT a.address)
        + (SELECT count(*) FROM customers c LEFT JOIN addresses a ON a.address = c.address
             WHERE a.customer IS NOT c.id)
      """
    return try database.integer(wrong) ?? 0
  }

  /// Has processes change addresses until they are killed.
  /// - Returns: entries that are wrong afterwards, of a process in the mean.
  static func divergedByKills(
    _ point: Point, by change: (CustomerAddresses, Int, Int) throws -> Void
  ) throws -> Counter {
    var random = point.generator()
    var wrong = 0
    for _ in 0..<kills {
      let folder = try ScratchFolder(bytes: bytes)
      let path = folder.file("addresses")
      _ = try CustomerAddresses(path, customers: 1_000, hasIndex: false)
      _ = try KilledCopy.run(until: Int.random(in: 5...20, using: &random)) { acknowledge in
        let addresses = try CustomerAddresses(path, customers: 1_000, hasIndex: false)
        for number in 1... {
          _ = try addresses.change(1, by: change)
          acknowledge(number)
        }
      }
      wrong += try CustomerAddresses(path, customers: 1_000, hasIndex: false).diverged()
    }
    return .count(Double(wrong) / Double(kills))
  }
}
