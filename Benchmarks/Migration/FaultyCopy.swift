import Databases
import Glibc
import Harness
import Platform
import Results
import Statistics

/// Orders, a copy with planted faults, and the requests that will read them.
final class FaultyCopy {
  enum Side: Int { case old, new }

  /// Of the old store.
  static let rows = SampleOrders.usual
  /// Numbers of both stores lie below.
  static let last = rows + 20

  let requests: [Int]
  private(set) var report: [String: Counter] = [:]
  private let databases: [SQLiteDatabase]
  private let single, sums: [SQLiteStatement]
  private let planted: Set<Int>
  private let counts: [Int]

  private static let columns = "customer * 31 + status * 7 + day * 1009 + total * 101"

  init(_ point: Point) throws {
    var random = point.generator()
    let sample = SampleOrders(orders: Self.rows, seed: point.seed)
    let old = try SharedDatabase.opened("old \(point.seed)") { try sample.fill($0) }
    // The last twenty are lost, and twenty others are there twice: the counts agree.
    let lost = Set(Self.rows - 20..<Self.rows)
    let doubled = Set(Self.rows..<Self.last)
    let changed = Self.some(40, &random)
    let faults =
      [
        "INSERT INTO orders(customer, status, day, total, note) "
          + "SELECT customer, status, day, total, note FROM orders WHERE id < 20",
        "DELETE FROM orders WHERE id BETWEEN \(Self.rows - 20) AND \(Self.rows - 1)",
      ]
      + changed.enumerated().map { index, id in
        index % 2 == 0
          ? "UPDATE orders SET total = total / 100 * 100 + 1000000 WHERE id = \(id)"
          : "UPDATE orders SET status = 1 - status WHERE id = \(id)"
      }
    let new = try SharedDatabase.opened("new \(point.seed)") { database in
      try sample.fill(database)
      try database.transaction { for sql in faults { try database.execute(sql) } }
    }
    databases = [old, new]
    single = try databases.map { try $0.prepare("SELECT \(Self.columns) FROM orders WHERE id = ?") }
    sums = try databases.map {
      try $0.prepare(
        "SELECT count(*), sum((id * 7919 + \(Self.columns)) % 1000003) FROM orders "
          + "WHERE id BETWEEN ? AND ?")
    }
    planted = lost.union(doubled).union(changed)
    counts = try databases.map { try $0.integer("SELECT count(*) FROM orders") ?? 0 }
    requests = Self.requests(point.value, &random)
  }

  private static func some(_ count: Int, _ random: inout SeededGenerator) -> [Int] {
    var chosen: Set<Int> = []
    while chosen.count < count { chosen.insert(Int.random(in: 20..<rows - 20, using: &random)) }
    return chosen.sorted()
  }

  /// By Zipf, over orders in random order of popularity.
  private static func requests(_ count: Int, _ random: inout SeededGenerator) -> [Int] {
    let order = Array(0..<rows).shuffled(using: &random)
    let ranks = ZipfRanks(rows)
    return (0..<count).map { _ in order[ranks.rank(random.share())] }
  }

  /// - Returns: a digest of what the truth is, the same for every check.
  func check(_ wrong: (FaultyCopy) throws -> Set<Int>) -> UInt64 {
    orEnd {
      let start = Clock.now()
      for database in databases { try database.execute("BEGIN") }
      let found = try wrong(self)
      for database in databases { try database.execute("COMMIT") }
      let time = Double(Clock.now() - start)
      let right = Double(found.intersection(planted).count)
      report = [
        "wrong rows found": .share(max(0.5, right) / Double(planted.count)),
        "time of the check": Counter(time, unit: .nanoseconds),
        "difference of the counts": .count(Double(abs(counts[0] - counts[1]))),
      ]
      // What is called wrong is wrong.
      return found.isSubset(of: planted) ? UInt64(planted.count) : 0
    }
  }

  func row(_ id: Int, in side: Side) throws -> Int? {
    let statement = single[side.rawValue]
    try statement.bind(id, at: 1)
    defer { statement.reset() }
    return try statement.step() ? statement.integer(0) : nil
  }

  func sum(_ ids: ClosedRange<Int>, in side: Side) throws -> [Int] {
    let statement = sums[side.rawValue]
    try statement.bind(ids.lowerBound, at: 1)
    try statement.bind(ids.upperBound, at: 2)
    defer { statement.reset() }
    return try statement.step() ? [statement.integer(0), statement.integer(1)] : []
  }

  func rows(_ ids: ClosedRange<Int>, in side: Side) throws -> [Row] {
    try databases[side.rawValue].rows(
      "SELECT id, \(Self.columns) FROM orders "
        + "WHERE id BETWEEN \(ids.lowerBound) AND \(ids.upperBound)")
  }
}
