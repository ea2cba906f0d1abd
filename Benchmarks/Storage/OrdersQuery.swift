import Databases
import Harness
import Results

/// A query, the indexes that it finds, and the plan that SQLite must choose for it.
struct PlannedQuery: Sendable {
  let sql: String
  /// Statements that make them.
  var indexes: [String] = []
  /// Its steps, joined by `; `. A variant whose plan is another fails and shows both.
  let plan: String
}

/// A prepared query with the parameters of each of its executions: what a call runs.
final class OrdersQuery {
  let database: SQLiteDatabase
  private let statement: SQLiteStatement
  /// Of each execution, one after the other.
  private let parameters: [Int]
  private let each: Int
  private let columns: Int
  private var executions = 0

  /// - Parameters:
  ///   - parameters: of each execution; all have as many.
  ///   - columns: integers of a row.
  init(
    _ query: PlannedQuery, on sample: SampleOrders, settings: SQLiteSettings = .reading,
    parameters: [[Int]], columns: Int = 2
  ) throws {
    let contents = OrdersFiles.Contents(sample: sample, statements: query.indexes)
    database = try SQLiteDatabase(.file(try OrdersFiles.shared(contents)), settings)
    statement = try database.prepare(query.sql, plan: query.plan)
    self.parameters = Array(parameters.joined())
    each = parameters[0].count
    self.columns = columns
    // The cache holds what it can before the first call.
    for _ in 0..<2 { _ = digest() }
    _ = report()
  }

  /// Runs the query for each set of parameters.
  /// - Returns: a digest of the rows in any order.
  @inline(never)
  func digest() -> UInt64 {
    attempt {
      var digest = RowDigest()
      for first in stride(from: 0, to: parameters.count, by: each) {
        for index in 0..<each {
          try statement.bind(parameters[first + index], at: index + 1)
        }
        while try statement.step() {
          for column in 0..<columns { digest.add(statement.integer(column)) }
          digest.endRow()
        }
        statement.reset()
      }
      executions += parameters.count / each
      return digest.value
    }
  }

  /// What SQLite counted for one execution since the last report.
  func report() -> [String: Counter] {
    let count = Double(max(1, executions))
    executions = 0
    func each(_ total: Int) -> Counter { Counter(Double(total) / count, unit: .count) }
    return [
      "virtual machine steps": each(statement.count(.virtualMachineSteps, reset: true)),
      "rows scanned": each(statement.count(.scannedRows, reset: true)),
      "pages read": each(database.count(.misses, reset: true)),
      "pages in the cache": each(database.count(.hits, reset: true)),
    ]
  }
}

extension SQLiteSettings {
  /// Reading with a cache that holds the whole database.
  static let reading = SQLiteSettings(cacheBytes: 32 << 20, journal: .delete, synchronous: .full)
}

extension Variant {
  /// Executions of a prepared query.
  /// - Parameters:
  ///   - shows: the declaration of `query`.
  ///   - parameters: of each execution.
  static func query(
    _ name: String, _ query: PlannedQuery, shows: [String],
    settings: SQLiteSettings = .reading,
    sample: @escaping @Sendable (Point) -> SampleOrders = { $0.orders },
    parameters: @escaping @Sendable (Point, SampleOrders) -> [[Int]]
  ) -> Variant {
    Variant(
      name, shows: shows,
      prepare: { point in
        let sample = sample(point)
        return try OrdersQuery(
          query, on: sample, settings: settings, parameters: parameters(point, sample))
      },
      report: { $0.report() }, run: { $0.digest() })
  }
}

extension Point {
  /// The usual orders, from the point's seed.
  var orders: SampleOrders { SampleOrders(orders: SampleOrders.usual, seed: seed) }
}
