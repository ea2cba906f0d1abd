import Databases
import Harness
import Platform
import Results
import Statistics
import Synchronization
import Systems

/// A counter that two threads add to, in one row or in several, in databases on files.
final class CountedViews: @unchecked Sendable {
  // SAFETY (@unchecked): a database is used by who holds its lock.

  /// Of a thread, in a call.
  static let additions = Releases.areFew ? 200 : 1_000
  /// Of scratch space.
  static let bytes = 64 << 20
  /// Additions at a time where processes are killed, each of which takes a while.
  static let killed = 10
  private static let kills = 5

  /// A row of its own file, with a lock in the order of arrival.
  final class Row: @unchecked Sendable {
    // SAFETY (@unchecked): the lock is held while the database is used.
    private let database: SQLiteDatabase
    private let change: SQLiteStatement
    private let lock = Mutex(())

    init(_ path: String) throws {
      var settings = SQLiteSettings(cacheBytes: 2 << 20, journal: .wal, synchronous: .off)
      settings.patience = 5
      database = try SQLiteDatabase(.file(path), settings)
      try database.execute(
        "CREATE TABLE IF NOT EXISTS views(id INTEGER PRIMARY KEY, count INTEGER NOT NULL);"
          + "INSERT OR IGNORE INTO views VALUES (1, 0)")
      change = try database.prepare("UPDATE views SET count = count + ? WHERE id = 1")
    }

    func add(_ count: Int) throws {
      try lock.withLock { _ in
        try change.bind(count, at: 1)
        try change.run()
      }
    }

    func value() throws -> Int {
      try lock.withLock { _ in try database.integer("SELECT count FROM views") ?? 0 }
    }
  }

  /// How a thread adds.
  struct Adder {
    let row: Row
    /// Additions that are entered together.
    let batch: Int
    private var pending = 0

    init(to row: Row, batch: Int) {
      self.row = row
      self.batch = batch
    }

    mutating func add() throws {
      pending += 1
      if pending == batch { try finish() }
    }

    /// Enters what is pending.
    mutating func finish() throws {
      guard pending > 0 else { return }
      try row.add(pending)
      pending = 0
    }
  }

  /// The adder of a thread.
  typealias Way = @Sendable (_ rows: [Row], _ thread: Int) -> Adder

  private(set) var report: [String: Counter] = [:]
  private let rows: [Row]
  private let folder: ScratchFolder
  private let cpus: [Int]

  /// - Parameter name: of the way.
  init(_ point: Point, _ name: String, _ way: Way) throws {
    let folder = try ScratchFolder(bytes: Self.bytes)
    self.folder = folder
    cpus = [point.cpus[0], point.cpus.count > 1 ? point.cpus[1] : point.cpus[0]]
    rows = try Self.opened(folder)
    if point.value == Self.killed {
      report = [
        "lost per kill -9": try Self.losses("\(name) \(point.seed)") {
          .count(try Self.lost(point, way))
        }
      ]
    }
  }

  private static let losses = OncePerProcess<Counter>()

  private static func opened(_ folder: ScratchFolder) throws -> [Row] {
    try [0, 1].map { try Row(folder.file("row \($0)")) }
  }

  private static func sum(_ rows: [Row]) throws -> Int {
    try rows.reduce(0) { $0 + (try $1.value()) }
  }

  /// Has both threads add.
  /// - Returns: by how much the counter has grown.
  func count(_ way: @escaping Way) throws -> UInt64 {
    let before = try Self.sum(rows)
    let threads = try [0, 1].map { number in
      try ServerThread(on: cpus[number], isJoined: true) { [rows] in
        orEnd {
          var adder = way(rows, number)
          for _ in 0..<Self.additions { try adder.add() }
          try adder.finish()
        }
      }
    }
    for thread in threads { thread.join() }
    return UInt64(try Self.sum(rows) - before)
  }

  /// Has processes add until they are killed.
  /// - Returns: acknowledged additions that are not there, of a process in the mean.
  private static func lost(_ point: Point, _ way: Way) throws -> Double {
    var random = point.generator()
    var lost = 0
    for _ in 0..<kills {
      let folder = try ScratchFolder(bytes: bytes)
      let moment = Int.random(in: 150...400, using: &random)
      let acknowledged = try KilledCopy.run(until: moment) { acknowledge in
        var adder = way(try opened(folder), 0)
        for number in 1... {
          try adder.add()
          acknowledge(number)
        }
      }
      lost += max(0, acknowledged - (try sum(try opened(folder))))
    }
    return Double(lost) / Double(kills)
  }
}
