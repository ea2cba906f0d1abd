import Databases
import Harness
import Platform
import Results

/// A day of readings of some devices, as rows and as buckets of an hour.
final class Readings {
  /// Sums of a call.
  static let ranges = 8
  static let perBucket = 60
  private static let devices = 64
  private static let minutes = 1_440

  let report: [String: Counter]
  private let statement: SQLiteStatement
  private let chosen: [(device: Int, minutes: ClosedRange<Int>)]

  init(_ point: Point, _ sql: String, table: String) throws {
    let database = try SharedDatabase.opened("readings", fill: Self.fill)
    statement = try database.prepare(sql)
    var random = point.generator()
    let length = point.value
    chosen = (0..<Self.ranges).map { _ in
      let first = Int.random(in: 0...Self.minutes - length, using: &random)
      return (Int.random(in: 0..<Self.devices, using: &random), first...first + length - 1)
    }
    let pages = try? database.integer("SELECT sum(pgsize) FROM dbstat WHERE name = '\(table)'")
    report = [
      "bytes per reading": Counter(
        Double(pages ?? 0) / Double(Self.devices * Self.minutes), unit: .bytes),
      "insert of a reading": try Self.insertTime(inBuckets: table == "buckets"),
    ]
  }

  private static func value(_ device: Int, _ minute: Int) -> Int {
    20_000 + (device * 7_919 + minute * 389) % 1_009
  }

  private static let schema = """
    CREATE TABLE readings(
      device INTEGER NOT NULL, minute INTEGER NOT NULL, value INTEGER NOT NULL,
      PRIMARY KEY(device, minute)) WITHOUT ROWID;
    CREATE TABLE buckets(
      device INTEGER NOT NULL, hour INTEGER NOT NULL, body BLOB NOT NULL,
      PRIMARY KEY(device, hour)) WITHOUT ROWID;
    """

  private static func fill(_ database: SQLiteDatabase) throws {
    try database.execute(schema)
    try database.transaction {
      try insert(into: database, inBuckets: false, devices: devices)
      try insert(into: database, inBuckets: true, devices: devices)
    }
  }

  private static func insert(
    into database: SQLiteDatabase, inBuckets: Bool, devices: Int
  ) throws {
    let row = try database.prepare("INSERT INTO readings VALUES (?, ?, ?)")
    let bucket = try database.prepare("INSERT INTO buckets VALUES (?, ?, ?)")
    var hour = [Int64](repeating: 0, count: perBucket)
    for device in 0..<devices {
      for minute in 0..<minutes {
        hour[minute % perBucket] = Int64(value(device, minute))
        if !inBuckets {
          for (index, value) in [device, minute, value(device, minute)].enumerated() {
            try row.bind(value, at: index + 1)
          }
          try row.run()
        } else if minute % perBucket == perBucket - 1 {
          try bucket.bind(device, at: 1)
          try bucket.bind(minute / perBucket, at: 2)
          try hour.withUnsafeBytes { bytes in
            try bucket.bind(bytes: bytes, at: 3)
            try bucket.run()
          }
        }
      }
    }
  }

  /// Nanoseconds of a reading, of two devices' days in a transaction in memory.
  private static func insertTime(inBuckets: Bool) throws -> Counter {
    let database = try SQLiteDatabase(.memory, .building)
    try database.execute(schema)
    let start = Clock.now()
    try database.transaction { try insert(into: database, inBuckets: inBuckets, devices: 2) }
    return .seconds(Double(Clock.now() - start) / 1e9 / Double(2 * minutes))
  }

  /// - Returns: a digest of count and sum of each range.
  func sumOfRows() throws -> UInt64 {
    try digest { range in
      _ = try statement.step()
      return (statement.integer(0), statement.integer(1))
    }
  }

  /// - Returns: the same.
  func sumOfBuckets() throws -> UInt64 {
    try digest { range in
      var (count, sum) = (0, 0)
      while try statement.step() {
        let first = statement.integer(0) * Self.perBucket
        let wanted = max(range.lowerBound - first, 0)...min(range.upperBound - first, 59)
        count += wanted.count
        sum += statement.withBlob(of: 1) { body in
          body.withMemoryRebound(to: Int64.self) { values in
            var sum: Int64 = 0
            for place in wanted { sum &+= values[place] }
            return Int(sum)
          }
        }
      }
      return (count, sum)
    }
  }

  private func digest(_ sum: (ClosedRange<Int>) throws -> (Int, Int)) throws -> UInt64 {
    var digest: UInt64 = 0
    for (device, minutes) in chosen {
      try statement.bind(device, at: 1)
      try statement.bind(minutes.lowerBound, at: 2)
      try statement.bind(minutes.upperBound, at: 3)
      let (count, total) = try sum(minutes)
      digest = mixed(digest ^ UInt64(count) << 40 ^ UInt64(total))
      statement.reset()
    }
    return digest
  }
}
