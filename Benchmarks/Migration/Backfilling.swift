import Databases
import Glibc
import Harness
import Platform
import Results
import Shop
import Systems

/// A Shop under a load of changes to carts, and a table in its database that gets a new column's
/// values from another connection.
final class Backfilling: @unchecked Sendable {
  // SAFETY (@unchecked): the thread that fills has its own connection, and the generator waits for
  // it before it looks at what was filled.
  enum Way: Sendable { case atOnce, chunks, paced }

  /// Of the table.
  static let rows = 120_000
  /// Of these, what a process that is killed is to fill.
  private static let killedRows = 40_000
  /// Seconds of the load.
  static let seconds = 0.12
  /// Nanoseconds that a change may take.
  static let borne = 5e6
  private static let rate = 1_000.0

  let chunk: Int
  private(set) var report: [String: Counter] = [:]
  private let folder: ScratchFolder
  private let shop: Shop
  private let exchange: Exchange
  private let visitors: Visitors
  private let database: SQLiteDatabase
  private let update: SQLiteStatement
  private let cpu: Int
  private var generation = 0
  private let afterKill: Remains

  /// Of the rows that a killed process was to fill: those that it has not, and those that are wrong
  /// after another one has gone on.
  private struct Remains {
    let left, wrong: Int
  }

  init(_ point: Point, _ way: Way) throws {
    chunk = point.value
    cpu = point.cpus.last!
    folder = try Self.filled()
    afterKill = try Self.killed("\(way) \(chunk) \(point.seed)") { [chunk] in
      try Self.afterKill(way, chunk, try Self.filled())
    }
    var settings = ShopSettings(folder: folder.path)
    settings.cpus = [cpu]
    settings.isDurable = false
    shop = try Shop(settings)
    let wire = ShopWire()
    exchange = try Exchange([.init(shop.endpoint, connections: 192)], wire: wire)
    let mix = SessionMix([.addToCart: 1], thinking: .constant(0))
    visitors = Visitors(mix, count: 192, data: .small, wire: wire, seed: point.seed)
    database = try Self.opened(folder.file("shop.db"))
    update = try database.prepare(Self.change)
  }

  deinit { shop.stop() }

  private static let change = "UPDATE history SET cents = 100 * amount + ? WHERE id BETWEEN ? AND ?"
  private static let table = """
    CREATE TABLE history(
      id INTEGER PRIMARY KEY, amount INTEGER NOT NULL, note TEXT NOT NULL, cents INTEGER NOT NULL);
    INSERT INTO history
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT \(rows))
      SELECT i, i % 997, 'paid by card, delivered on the next day by the usual carrier',
        100 * (i % 997) FROM n
    """
  private static let killed = OncePerProcess<Remains>()

  /// A Shop's folder with the table, which is made once in a run.
  private static func filled() throws -> ScratchFolder {
    let source = try ScratchFolder.shared(2_001, bytes: ShopFolders.bytes) { folder in
      try ShopFolders.fill(folder)
      let database = try SQLiteDatabase(
        .file("\(folder)/shop.db"), SQLiteSettings(cacheBytes: 64 << 20, synchronous: .off))
      try database.execute(table)
    }
    let folder = try ShopFolders.own()
    try FileTree.copy("\(source)/shop.db", to: folder.file("shop.db"))
    return folder
  }

  /// The Shop does not wait for the device either.
  private static func opened(
    _ path: String, checkpointPages: Int = 1_000
  ) throws -> SQLiteDatabase {
    try SQLiteDatabase(
      .file(path),
      SQLiteSettings(
        cacheBytes: 16 << 20, journal: .wal, synchronous: .off, checkpointPages: checkpointPages,
        patience: 5))
  }

  /// Fills rows in one transaction.
  /// - Returns: nanoseconds that it took.
  @discardableResult
  func fill(_ rows: ClosedRange<Int>) throws -> UInt64 {
    let start = Clock.now()
    for (index, value) in [generation, rows.lowerBound, rows.upperBound].enumerated() {
      try update.bind(value, at: index + 1)
    }
    try update.run()
    return Clock.now() - start
  }

  /// Leaves the lock to others: for a millisecond at least.
  func pause(_ nanoseconds: UInt64) { usleep(UInt32(max(1_000, nanoseconds / 1_000))) }

  /// Serves visitors while `fill` runs.
  /// - Returns: rows that have their new value.
  func serve(while fill: @escaping @Sendable () throws -> Void) -> UInt64 {
    generation += 1
    return orEnd {
      let filler = try ServerThread(on: cpu, isJoined: true) {
        usleep(15_000)
        let start = Clock.now()
        orEnd { try fill() }
        self.report["backfill"] = .seconds(Double(Clock.now() - start) / 1e9)
      }
      let arrivals = Arrivals.constant(
        rate: Self.rate, seconds: SmokeRun.isThis ? 0.05 : Self.seconds)
      let result = try visitors.play(on: exchange, arrivals)
      filler.join()
      let inTime = result.latencies.count { Double($0) <= Self.borne }
      report["changes answered within 5 ms"] = .share(
        max(0.001, Double(inTime) / Double(max(1, result.asked))))
      report["longest response"] = .seconds(Double(result.latencies.max() ?? 0) / 1e9)
      report["failed requests"] = .count(Double(result.failed))
      report["rows left after kill -9 halfway"] = .count(Double(afterKill.left))
      report["rows wrong after going on"] = .count(Double(afterKill.wrong))
      return UInt64(
        try database.integer(
          "SELECT count(*) FROM history WHERE cents = 100 * amount + \(generation)") ?? 0)
    }
  }

  /// Nanoseconds of filling all rows while nobody else writes: for as long the lock is held, which
  /// a checkpoint does not need.
  func timeAlone() throws -> Double {
    let database = try Self.opened(folder.file("shop.db"), checkpointPages: 0)
    let start = Clock.now()
    try database.execute("UPDATE history SET cents = 100 * amount + 1")
    return Double(Clock.now() - start)
  }

  /// Has a copy of this process fill half of the rows, and kills it.
  private static func afterKill(
    _ way: Way, _ chunk: Int, _ folder: ScratchFolder
  ) throws -> Remains {
    let path = folder.file("shop.db")
    _ = try KilledCopy.run(until: 1) { acknowledge in
      let database = try opened(path)
      let size = way == .atOnce ? killedRows : chunk
      for first in stride(from: 1, through: killedRows, by: size) {
        let middle = first...min(first + size - 1, killedRows)
        try database.transaction {
          let update = try database.prepare(change)
          for part in [first...(first + size / 2), (first + size / 2)...middle.upperBound] {
            for (index, value) in [-1, part.lowerBound, part.upperBound].enumerated() {
              try update.bind(value, at: index + 1)
            }
            try update.run()
            if part.upperBound >= killedRows / 2 { acknowledge(1) }
          }
        }
      }
      while true { usleep(1_000) }
    }
    let database = try opened(path)
    let (some, old) = ("id <= \(killedRows)", "cents = 100 * amount")
    let left = try database.integer("SELECT count(*) FROM history WHERE \(some) AND \(old)") ?? 0
    try database.execute("UPDATE history SET cents = 100 * amount - 1 WHERE \(some) AND \(old)")
    let wrong = "SELECT count(*) FROM history WHERE \(some) AND cents <> 100 * amount - 1"
    return Remains(left: left, wrong: try database.integer(wrong) ?? 0)
  }
}
