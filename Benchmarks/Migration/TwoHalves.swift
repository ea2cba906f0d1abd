import Databases
import Harness
import Results
import Statistics

/// Accounts in two databases, a third one that owns names, and requests whose parts happen at
/// simulated times.
final class TwoHalves {
  static let names = Releases.areFew ? 100 : 1_000
  /// Milliseconds from one part of a request to the next.
  static let roundTrip = 20.0

  /// A part of a request: whether it goes on.
  typealias Part = () throws -> Bool

  private(set) var report: [String: Counter] = [:]
  private let halves: [SQLiteDatabase]
  private let owner: SQLiteDatabase
  private let inserts, looks: [SQLiteStatement]
  private let reservation: SQLiteStatement
  private let gap: Double
  private var random: SeededGenerator
  private var refused = 0

  init(_ point: Point, isUnique: Bool) throws {
    gap = Double(point.value)
    random = point.generator()
    halves = try [0, 1].map { _ in try SQLiteDatabase(.memory) }
    for half in halves {
      try half.execute("CREATE TABLE accounts(id INTEGER PRIMARY KEY, name INTEGER NOT NULL)")
      try half.execute("CREATE \(isUnique ? "UNIQUE" : "") INDEX by_name ON accounts(name)")
    }
    owner = try SQLiteDatabase(.memory)
    try owner.execute("CREATE TABLE names(name INTEGER PRIMARY KEY)")
    inserts = try halves.map { try $0.prepare("INSERT OR IGNORE INTO accounts(name) VALUES (?)") }
    looks = try halves.map { try $0.prepare("SELECT 1 FROM accounts WHERE name = ?") }
    reservation = try owner.prepare("INSERT OR IGNORE INTO names VALUES (?)")
  }

  // Parts of requests.

  func has(_ name: Int) throws -> Bool {
    try looks.contains { look in
      try look.bind(name, at: 1)
      defer { look.reset() }
      return try look.step()
    }
  }

  func insert(_ name: Int, into half: Int) throws -> Bool {
    try run(inserts[half], name, on: halves[half])
  }

  func reserve(_ name: Int) throws -> Bool { try run(reservation, name, on: owner) }

  private func run(
    _ statement: SQLiteStatement, _ name: Int, on database: SQLiteDatabase
  ) throws -> Bool {
    try statement.bind(name, at: 1)
    try statement.run()
    return database.changes == 1
  }

  /// Has every name asked for twice.
  /// - Parameter way: the parts of a request, for an account that lies in one of the halves.
  /// - Returns: the names.
  func register(_ way: (TwoHalves, Int, Int) throws -> [Part]) throws -> UInt64 {
    for half in halves { try half.execute("DELETE FROM accounts") }
    try owner.execute("DELETE FROM names")
    refused = 0
    for name in 0..<Self.names {
      let second = gap * random.exponential()
      let places = [0, 1].map { _ in Int.random(in: 0...1, using: &random) }
      try play(
        try places.map { try way(self, name, $0) }, at: [0, second])
    }
    let doubled = try (0..<Self.names).count { name in
      try halves.reduce(0) { sum, half in
        sum + (try half.integer("SELECT count(*) FROM accounts WHERE name = \(name)") ?? 0)
      } > 1
    }
    let all = Double(Self.names)
    report = [
      "names with one account": .share(1 - Double(doubled) / all),
      "names with two accounts": .count(Double(doubled)),
      "requests refused": .count(Double(refused)),
    ]
    return UInt64(Self.names)
  }

  /// Takes the parts of two requests in the order of their times.
  private func play(_ requests: [[Part]], at starts: [Double]) throws {
    var parts: [(time: Double, request: Int, part: Part)] = []
    for (number, request) in requests.enumerated() {
      for (place, part) in request.enumerated() {
        parts.append((starts[number] + Double(place) * Self.roundTrip, number, part))
      }
    }
    var goesOn = [true, true]
    for part in parts.sorted(by: { $0.time < $1.time }) where goesOn[part.request] {
      goesOn[part.request] = try part.part()
      if !goesOn[part.request] { refused += 1 }
    }
  }
}
