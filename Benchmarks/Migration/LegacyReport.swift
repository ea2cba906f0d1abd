import Harness
import Platform
import Statistics

/// A report of sales by region as a legacy program makes it: it reads a file of orders, finds each
/// order's customer, adds up, sorts and prints.
final class LegacyReport {
  /// Customers of the report.
  static let customers = Releases.areFew ? 100 : 400

  /// An order's line in the file: `17;customer 230;1999`.
  private let file: [UInt8]
  private let names: [String]
  private let regions: [Int]
  /// Of the customers, by name.
  private let places: [String: Int]

  struct Order {
    let customer: String
    let total: Int
  }

  init(_ point: Point) {
    var random = point.generator()
    let names = (0..<Self.customers).map { "customer \($0 * 389 % 10_000)" }
    regions = names.indices.map { _ in Int.random(in: 0..<20, using: &random) }
    places = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
    self.names = names
    var text = ""
    for number in 0..<point.value {
      let customer = names[Int.random(in: 0..<names.count, using: &random)]
      text += "\(number);\(customer);\(Int.random(in: 100...99_999, using: &random))\n"
    }
    file = Array(text.utf8)
  }

  // The parts as they are, and as they are after somebody has worked on them.

  @inline(never)
  func split() -> [Order] {
    String(decoding: file, as: UTF8.self).split(separator: "\n").map { line in
      let fields = line.split(separator: ";")
      return Order(customer: String(fields[1]), total: Int(fields[2]) ?? 0)
    }
  }

  @inline(never)
  func scan() -> [Order] {
    var orders: [Order] = []
    var index = 0
    while index < file.count {
      while file[index] != 59 { index += 1 }
      let start = index + 1
      index = start
      while file[index] != 59 { index += 1 }
      let customer = String(decoding: file[start..<index], as: UTF8.self)
      index += 1
      var total = 0
      while file[index] != 10 {
        total = total * 10 + Int(file[index] - 48)
        index += 1
      }
      index += 1
      orders.append(Order(customer: customer, total: total))
    }
    return orders
  }

  @inline(never)
  func searchCustomers(_ orders: [Order]) -> [Int] {
    orders.map { order in regions[names.firstIndex(of: order.customer) ?? 0] }
  }

  @inline(never)
  func lookCustomersUp(_ orders: [Order]) -> [Int] {
    orders.map { order in regions[places[order.customer] ?? 0] }
  }

  @inline(never)
  func print(_ orders: [Order], _ regions: [Int]) -> String {
    var sums: [String: Int] = [:]
    for (order, region) in zip(orders, regions) {
      sums["region \(region)", default: 0] += order.total
    }
    return sums.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: "\n")
  }

  @inline(never)
  func printFromTable(_ orders: [Order], _ regions: [Int]) -> String {
    var sums = [Int](repeating: 0, count: 20)
    for (order, region) in zip(orders, regions) { sums[region] += order.total }
    return sums.indices.filter { sums[$0] > 0 }.map { ("region \($0)", sums[$0]) }
      .sorted { $0.0 < $1.0 }.map { "\($0.0): \($0.1)" }.joined(separator: "\n")
  }

  // By themselves.

  /// Nanoseconds of each part, the median of some runs.
  func parts() -> [String: Double] {
    let orders = scan()
    let regions = lookCustomersUp(orders)
    return [
      "splitting lines": time { split().count }, "scanning bytes": time { scan().count },
      "searching customers": time { searchCustomers(orders).count },
      "looking customers up": time { lookCustomersUp(orders).count },
      "adding up and printing": time { print(orders, regions).utf8.count },
      "adding up in a table": time { printFromTable(orders, regions).utf8.count },
    ]
  }

  func time(_ part: () -> Int) -> Double {
    let times = (0..<5).map { _ in
      let start = Clock.now()
      let count = part()
      return Double(Clock.now() - start) + (count < 0 ? 1 : 0)
    }
    return times.sorted()[2]
  }
}
