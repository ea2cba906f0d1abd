import Testing

@testable import Databases

@Suite struct SampleOrdersTests {
  @Test func eachClassOfCustomersHasItsOrders() throws {
    let sample = SampleOrders(orders: 8_000, seed: 3)
    let database = try SQLiteDatabase(.memory)
    try sample.fill(database)
    #expect(try database.integer("SELECT count(*) FROM orders") == sample.orders)
    #expect(try database.integer("SELECT count(*) FROM customers") == sample.customers)
    for count in SampleOrders.classes {
      let customers = sample.customers(having: count)
      let query = """
        SELECT count(*) FROM (
          SELECT count(*) AS n FROM orders WHERE customer >= \(customers.lowerBound)
          AND customer < \(customers.upperBound) GROUP BY customer) WHERE n = \(count)
        """
      #expect(try database.integer(query) == customers.count)
    }
    #expect(try database.integer("SELECT count(*) FROM orders WHERE total < 37") == 37)
    let spread =
      "SELECT count(DISTINCT day) > 900 AND min(day) >= 0 AND max(day) < 1000 FROM orders"
    #expect(try database.integer(spread) == 1)
    let open = try #require(try database.integer("SELECT sum(status) FROM orders"))
    #expect((100...250).contains(open))
  }

  @Test func theSeedDecidesTheRows() throws {
    func digest(_ seed: UInt64) throws -> Int? {
      let database = try SQLiteDatabase(.memory)
      try SampleOrders(orders: 4_000, seed: seed).fill(database)
      return try database.integer("SELECT sum(id * (customer + day + total) % 1009) FROM orders")
    }
    #expect(try digest(1) == digest(1))
    #expect(try digest(1) != digest(2))
  }
}
