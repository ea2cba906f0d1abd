import Databases
import Harness
import Platform
import Results
import Statistics

/// A ledger, and the copies of requests that reach it.
final class Ledger {
  static let payments = 400

  let database: SQLiteDatabase
  private let booking, find, storing: SQLiteStatement
  private let folder: ScratchFolder
  private let lost: Double
  private var random: SeededGenerator
  private var first = 0
  private var copies = 0
  private var booked = 0.0

  init(_ point: Point) throws {
    folder = try ScratchFolder(bytes: 16 << 20)
    lost = Double(point.value) / 100
    random = point.generator()
    database = try SQLiteDatabase(
      .file(folder.file("ledger.db")), SQLiteSettings(journal: .wal, synchronous: .normal))
    try database.execute(
      "CREATE TABLE bookings(payment INTEGER); CREATE TABLE keys(key INTEGER PRIMARY KEY)")
    booking = try database.prepare("INSERT INTO bookings VALUES(?)")
    find = try database.prepare("SELECT 1 FROM keys WHERE key = ?")
    storing = try database.prepare("INSERT OR IGNORE INTO keys VALUES(?)")
  }

  /// Each payment until its answer arrives.
  /// - Returns: payments, all of which are acknowledged in the end.
  func payAll(_ handle: (Ledger, Int, _ overlaps: Bool) throws -> Void) throws -> UInt64 {
    copies = 0
    let before = try database.integer("SELECT count(*) FROM bookings") ?? 0
    for payment in first..<first + Self.payments {
      var isAnswered = false
      while !isAnswered {
        isAnswered = Double.random(in: 0..<1, using: &random) >= lost
        // Half of the copies come while the request that they repeat is still being worked on.
        let overlaps = !isAnswered && Bool.random(using: &random)
        try handle(self, payment, overlaps)
        copies += 1
        if overlaps {
          copies += 1
          isAnswered = true
        }
      }
    }
    first += Self.payments
    booked = Double((try database.integer("SELECT count(*) FROM bookings") ?? 0) - before)
    return UInt64(Self.payments)
  }

  var reports: [String: Counter] {
    [
      "bookings per payment": Counter(100 * booked / Double(Self.payments), unit: .share),
      "copies per payment": Counter(Double(copies) / Double(Self.payments), unit: .count),
    ]
  }

  private func run(_ statement: SQLiteStatement, _ payment: Int) throws {
    try statement.bind(payment, at: 1)
    try statement.run()
  }

  func book(_ payment: Int) throws { try run(booking, payment) }

  /// Keeps a key; `database.changes` is 1 if it is new.
  func store(_ payment: Int) throws { try run(storing, payment) }

  func knows(_ payment: Int) throws -> Bool {
    try find.bind(payment, at: 1)
    defer { find.reset() }
    return try find.step()
  }
}
