import Databases
import Harness
import Platform
import Results
import Techniques

/// Points of a metric that walks, and what storing them takes.
final class MetricPoints {
  static let count = 12_000
  /// Points of a block.
  static let block = 120

  let all: [DeltaSeries.Point]
  private(set) var report: [String: Counter] = [:]

  init(_ point: Harness.Point) {
    var random = point.generator()
    let step = Double(point.value)
    var value = 500_000_000
    all = (0..<Self.count).map { number in
      value += Int((step * random.normal()).rounded())
      return DeltaSeries.Point(time: 1_700_000_000 + 10 * number, value: value)
    }
  }

  /// Stores all in a new database, and reads them back.
  /// - Returns: a digest of what was read.
  func measured(_ write: (MetricPoints, SQLiteDatabase) throws -> Void) throws -> UInt64 {
    let database = try SQLiteDatabase(.memory, .building)
    try database.execute(
      """
      CREATE TABLE points(
        series INTEGER, time INTEGER, value INTEGER, PRIMARY KEY(series, time)) WITHOUT ROWID;
      CREATE TABLE blocks(
        series INTEGER, first INTEGER, body BLOB, PRIMARY KEY(series, first)) WITHOUT ROWID
      """)
    let empty = try database.size()
    let start = Clock.now()
    try database.transaction { try write(self, database) }
    let time = Double(Clock.now() - start) / Double(Self.count)
    report = [
      "bytes per point": Counter(
        Double(try database.size() - empty) / Double(Self.count), unit: .bytes),
      "insert of a point": Counter(time, unit: .nanoseconds),
    ]
    return try digest(of: database)
  }

  private func digest(of database: SQLiteDatabase) throws -> UInt64 {
    var digest: UInt64 = 0
    func add(_ time: Int, _ value: Int) {
      digest = mixed(digest ^ UInt64(bitPattern: Int64(time ^ value << 20)))
    }
    let rows = try database.prepare("SELECT time, value FROM points ORDER BY time")
    while try rows.step() { add(rows.integer(0), rows.integer(1)) }
    let blocks = try database.prepare("SELECT body FROM blocks ORDER BY first")
    while try blocks.step() {
      for point in DeltaSeries.stored(blocks.withBlob(of: 0) { Array($0) }) {
        add(point.time, point.value)
      }
    }
    return digest
  }
}
