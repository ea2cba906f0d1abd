import Databases
import Harness
import Results
import Statistics

/// A database of one's own that orders are inserted into.
final class InsertedOrders {
  /// Before the first call: as many as were filled in, and as many more as spread the pages of
  /// indexes that were packed when they were made.
  static let startRows = filled + spreading
  private static let filled = 16_000
  private static let spreading = 3_000

  let database: SQLiteDatabase
  /// Rows of a transaction.
  let batch: Int
  private let insertion: SQLiteStatement
  private let check: SQLiteStatement
  private let values: [(customer: Int, status: Int, day: Int, total: Int)]
  private var next = 0
  private var calls = 0

  init(_ point: Point, indexes: [String]) throws {
    batch = point.value
    let sample = SampleOrders(orders: Self.filled, seed: point.seed)
    let path = try OrdersFiles.own(.init(sample: sample, statements: indexes))
    database = try SQLiteDatabase(
      .file(path), SQLiteSettings(cacheBytes: 64 << 20, journal: .memory, synchronous: .off))
    insertion = try database.prepare(SampleOrders.insertion)
    check = try database.prepare("SELECT total FROM orders WHERE id = ?")
    var generator = point.generator()
    values = (0..<8_192).map { _ in
      (
        Int.random(in: 0..<sample.customers, using: &generator),
        Int.random(in: 0..<sample.oneOpenIn, using: &generator) == 0 ? 1 : 0,
        Int.random(in: 0..<SampleOrders.days, using: &generator),
        Int.random(in: 0..<sample.orders, using: &generator)
      )
    }
    try insertion.bind(SampleOrders.note, at: 5)
    try database.transaction { for _ in 0..<Self.spreading { try insertNext() } }
    _ = report()
  }

  func insertNext() throws {
    let value = values[next % values.count]
    next += 1
    try insertion.bind(value.customer, at: 1)
    try insertion.bind(value.status, at: 2)
    try insertion.bind(value.day, at: 3)
    try insertion.bind(value.total, at: 4)
    try insertion.run()
  }

  /// Reads some of the last batch's rows back, the last one first.
  /// - Returns: how many of ten are as they were inserted.
  func verify() throws -> UInt64 {
    calls += 1
    var found: UInt64 = 0
    let last = database.lastRow
    try database.transaction {
      for back in stride(from: 0, to: batch, by: batch / 10) {
        try check.bind(last - back, at: 1)
        if try check.step(), check.integer(0) == values[(next - 1 - back) % values.count].total {
          found += 1
        }
        check.reset()
      }
    }
    return found
  }

  func report() -> [String: Counter] {
    let pages = database.count(.writes, reset: true)
    defer { calls = 0 }
    return [
      "pages written": Counter(Double(pages) / Double(max(1, calls)), unit: .count),
      "file": Counter(Double(attempt { try database.size() }), unit: .bytes),
    ]
  }
}
