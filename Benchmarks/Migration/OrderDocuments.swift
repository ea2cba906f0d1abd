import Databases
import Glibc
import Harness
import Platform
import Results

/// Orders with their lines, as tables and as documents.
final class OrderDocuments {
  /// Orders that a call reads.
  static let looks = 8
  private static let orders = 2_000
  private static let products = 1_000

  private let database: SQLiteDatabase
  private let statement: SQLiteStatement
  private let chosen: [Int]
  private let lines: Int

  init(_ point: Point, _ sql: String) throws {
    lines = point.value
    var random = point.generator()
    chosen = (0..<Self.looks).map { _ in Int.random(in: 1...Self.orders, using: &random) }
    let count = lines
    database = try SharedDatabase.opened("documents of \(count) lines") {
      try Self.fill($0, lines: count)
    }
    statement = try database.prepare(sql)
  }

  private static func fill(_ database: SQLiteDatabase, lines: Int) throws {
    try database.execute(
      """
      CREATE TABLE products(id INTEGER PRIMARY KEY, name TEXT NOT NULL);
      CREATE TABLE lines(
        orderid INTEGER NOT NULL, product INTEGER NOT NULL, quantity INTEGER NOT NULL,
        price INTEGER NOT NULL, PRIMARY KEY(orderid, product)) WITHOUT ROWID;
      CREATE TABLE documents(id INTEGER PRIMARY KEY, body TEXT NOT NULL);
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT \(products))
        INSERT INTO products SELECT i, 'a thing of number ' || i FROM n;
      """)
    let line = try database.prepare("INSERT OR REPLACE INTO lines VALUES (?, ?, ?, ?)")
    try database.transaction {
      for order in 1...orders {
        for number in 0..<lines {
          let product = 1 + (order * 389 + number * 617) % products
          for (index, value) in [order, product, 1 + number % 3, 199 + product].enumerated() {
            try line.bind(value, at: index + 1)
          }
          try line.run()
        }
      }
    }
    try database.execute(
      """
      INSERT INTO documents
        SELECT orderid, '[' || group_concat(
          '[' || product || ',' || quantity || ',' || price || ',"' || name || '"]') || ']'
        FROM lines JOIN products ON id = product GROUP BY orderid
      """)
  }

  /// - Returns: a digest of all lines.
  func readTables() throws -> UInt64 {
    var digest: UInt64 = 0
    for order in chosen {
      try statement.bind(order, at: 1)
      while try statement.step() {
        let name = statement.withBytes(of: 3) { $0.count }
        digest &+= Self.digest(
          statement.integer(0), statement.integer(1), statement.integer(2), name)
      }
      statement.reset()
    }
    return digest
  }

  /// - Returns: a digest of all lines.
  func readDocuments() throws -> UInt64 {
    var digest: UInt64 = 0
    for order in chosen {
      try statement.bind(order, at: 1)
      _ = try statement.step()
      digest &+= statement.withBytes(of: 0, Self.parsed)
      statement.reset()
    }
    return digest
  }

  /// `[[12,1,499,"name"],…]`
  private static func parsed(_ body: UnsafeRawBufferPointer) -> UInt64 {
    var digest: UInt64 = 0
    var place = 1
    while place < body.count - 1 {
      place += 1
      let product = number(body, &place)
      let quantity = number(body, &place)
      let price = number(body, &place)
      let start = place + 1
      place = start
      while body[place] != UInt8(ascii: "\"") { place += 1 }
      digest &+= Self.digest(product, quantity, price, place - start)
      place += 3
    }
    return digest
  }

  private static func number(_ body: UnsafeRawBufferPointer, _ place: inout Int) -> Int {
    var value = 0
    while body[place] != UInt8(ascii: ",") {
      value = 10 * value + Int(body[place] - 48)
      place += 1
    }
    place += 1
    return value
  }

  private static func digest(_ product: Int, _ quantity: Int, _ price: Int, _ name: Int) -> UInt64 {
    var digest = UInt64(product) &* 0x9e37_79b9_7f4a_7c15
    digest = (digest ^ UInt64(quantity)) &* 0x9e37_79b9_7f4a_7c15
    digest = (digest ^ UInt64(price)) &* 0x9e37_79b9_7f4a_7c15
    return digest ^ UInt64(name)
  }

  /// Nanoseconds of a line, of a document that is parsed many times.
  func parsingTime() throws -> Double {
    try statement.bind(1, at: 1)
    _ = try statement.step()
    defer { statement.reset() }
    return statement.withBytes(of: 0) { body in
      let start = Clock.now()
      var sum: UInt64 = 0
      for _ in 0..<200 { sum &+= Self.parsed(body) }
      return Double(Clock.now() - start + (sum == 1 ? 1 : 0)) / Double(200 * lines)
    }
  }

  /// Documents that hold one product's name.
  var documentsOfAProduct: Int {
    orEnd { try database.integer("SELECT count(*) FROM lines WHERE product = 1") ?? 0 }
  }

  func report(rewritten: Int) -> [String: Counter] {
    let bytes = orEnd {
      try database.integer(
        statement.sql.contains("documents")
          ? "SELECT sum(length(body) + 4) FROM documents"
          : "SELECT (SELECT 12 * count(*) FROM lines) + (SELECT sum(length(name) + 4) FROM products)"
      )
    }
    return [
      "rows to write for a new name": .count(Double(rewritten)),
      "bytes": Counter(Double(bytes ?? 0), unit: .bytes),
    ]
  }
}
