import Databases
import Drills
import Harness
import Platform
import Results

/// An old store with an outbox, and a new one that is to hold the same rows.
final class TwoStores {
  /// How a row gets into both.
  enum Way: Sendable { case dual, outbox }

  /// Of a call.
  static let rows = 100
  /// Rows that the relay moves at once where faults are planted: what they do does not depend on it,
  /// and each takes a process that is killed.
  static let faulted = 10
  /// Of scratch space.
  static let bytes = 128 << 20

  let old, new: Store
  private let enter, pending, clear: SQLiteStatement

  /// Opens both, and makes them where they do not exist.
  /// - Parameter other: the new one's folder; nil for the same.
  init(in folder: String, and other: String? = nil) throws {
    old = try Store("\(folder)/old")
    new = try Store("\(other ?? folder)/new")
    try old.database.execute(
      """
      CREATE TABLE IF NOT EXISTS outbox(
        number INTEGER PRIMARY KEY, id INTEGER NOT NULL, value INTEGER NOT NULL)
      """)
    enter = try old.database.prepare("INSERT INTO outbox(id, value) VALUES (?, ?)")
    pending = try old.database.prepare("SELECT number, id, value FROM outbox ORDER BY number")
    clear = try old.database.prepare("DELETE FROM outbox WHERE number <= ?")
  }

  /// The row and its entry in the outbox, or neither.
  func setWithOutbox(_ row: Int, to value: Int) throws {
    try old.transaction {
      try old.set(row, to: value)
      try enter.bind(row, at: 1)
      try enter.bind(value, at: 2)
      try enter.run()
    }
  }

  /// An entry of the outbox.
  typealias Entry = (number: Int, row: Int, value: Int)

  /// Applies what is in the outbox to the new store.
  func relay() throws { try relay(by: apply) }

  func apply(_ entries: [Entry]) throws {
    try new.transaction { for entry in entries { try new.set(entry.row, to: entry.value) } }
  }

  /// Applies what is in the outbox, and then deletes it: never the other way round.
  func relay(by apply: ([Entry]) throws -> Void) throws {
    var entries: [Entry] = []
    while try pending.step() {
      entries.append((pending.integer(0), pending.integer(1), pending.integer(2)))
    }
    pending.reset()
    guard let last = entries.last?.number else { return }
    try apply(entries)
    try clear.bind(last, at: 1)
    try old.transaction { try clear.run() }
  }

  /// What the new store holds wrongly.
  func comparison() throws -> TruthReport {
    TruthReport.comparing(try new.all(), with: try old.all())
  }

  /// A table of rows that are set.
  final class Store {
    let database: SQLiteDatabase
    private let change: SQLiteStatement

    init(_ path: String) throws {
      var settings = SQLiteSettings(cacheBytes: 8 << 20, journal: .wal, synchronous: .full)
      settings.patience = 5
      database = try SQLiteDatabase(.file(path), settings)
      try database.execute(
        "CREATE TABLE IF NOT EXISTS rows(id INTEGER PRIMARY KEY, value INTEGER NOT NULL)")
      change = try database.prepare(
        "INSERT INTO rows VALUES (?, ?) ON CONFLICT(id) DO UPDATE SET value = excluded.value")
    }

    func set(_ row: Int, to value: Int) throws {
      try change.bind(row, at: 1)
      try change.bind(value, at: 2)
      try change.run()
    }

    /// That has the right to write from its beginning on: one that reads first can't get it later
    /// where somebody else has written.
    func transaction(_ body: () throws -> Void) throws {
      try database.execute("BEGIN IMMEDIATE")
      do { try body() } catch {
        try? database.execute("ROLLBACK")
        throw error
      }
      try database.execute("COMMIT")
    }

    func all() throws -> [Row] { try database.rows("SELECT id, value FROM rows") }
  }
}

extension TwoStores {
  /// Stores that calls write to, and what crashes and concurrent writers do to others like them.
  final class Trial {
    let stores: TwoStores
    let batch: Int
    let report: [String: Counter]
    private let folder: ScratchFolder
    private var written = 0

    init(_ point: Point, _ way: Way) throws {
      folder = try ScratchFolder(bytes: TwoStores.bytes)
      stores = try TwoStores(in: folder.path)
      for store in [stores.old, stores.new] { try store.database.lengthenLog() }
      let batch = point.value
      self.batch = batch
      // They take longer than the calls: every other process looks for them.
      guard batch == TwoStores.faulted, point.turn % 2 == 0 else {
        report = [:]
        return
      }
      report = try Self.faults("\(way) \(point.seed)") {
        var faults = StoreFaults(point.seed, way, batch: batch)
        return try faults.found()
      }
    }

    private static let faults = OncePerProcess<[String: Counter]>()

    /// The rows of the next call.
    func next() -> Range<Int> {
      defer { written += TwoStores.rows }
      return written..<written + TwoStores.rows
    }

    /// Rows of the last call that the new store holds.
    func digest() throws -> UInt64 {
      let statement = try stores.new.database.prepare(
        "SELECT count(*), sum(id = value) FROM rows WHERE id >= \(written - TwoStores.rows)")
      guard try statement.step() else { return 0 }
      return UInt64(statement.integer(0) << 32 | statement.integer(1))
    }
  }
}
