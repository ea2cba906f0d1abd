import Harness

/// Two tables to be joined: orders, and the customers that they name.
struct Join: Sendable {
  /// A row of the table that is searched.
  struct Customer: Sendable {
    var id: Int
    var discount: Int
  }

  /// A row that names a customer.
  struct Order: Sendable {
    var customer: Int
    var amount: Int
  }

  var orders: [Order]
  var customers: [Customer]

  /// How many joins of so many rows one kernel call makes: many different ones of few rows, and
  /// several of many, since branch predictors memorise a few thousand rows.
  static func count(_ rows: Int) -> Int {
    max(4, min((1 << 17) / rows, (1 << 24) / (rows * rows)))
  }

  /// Tables of the point's number of rows, in random order; each order has its customer.
  static func random(_ point: Point) -> [Join] {
    var random = point.generator()
    return (0..<count(point.value)).map { _ in
      let ids = (0..<point.value).map { $0 << 20 | .random(in: 0..<1 << 20, using: &random) }
      return Join(
        orders: (0..<point.value).map { _ in
          Order(
            customer: ids.randomElement(using: &random)!,
            amount: .random(in: 1...99, using: &random))
        },
        customers: ids.shuffled(using: &random).map {
          Customer(id: $0, discount: .random(in: 1...9, using: &random))
        })
    }
  }
}
