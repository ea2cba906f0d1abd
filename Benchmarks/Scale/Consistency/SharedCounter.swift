import Databases
import Glibc
import Platform
import Results
import Synchronization
import Techniques

/// A row of a database's file that several connections raise at once, each in a thread of its own.
final class SharedCounter {
  /// Increments of each connection in a call.
  static let each = 20
  /// Microseconds between reading and writing: what a request computes meanwhile.
  static let thinking: UInt32 = 300

  private let pool: ThreadPool
  private let folder: ScratchFolder
  private let raise: Raise
  private let connections: [Connection]
  private let tries = Tries()
  private(set) var kept = 0.0

  /// Raises the counter by one, however often it has to try.
  /// - Returns: how often it tried.
  typealias Raise = @Sendable (Connection) throws -> Int

  init(connections count: Int, _ raise: @escaping Raise) throws {
    self.raise = raise
    folder = try ScratchFolder(bytes: 8 << 20)
    let path = folder.file("counter.db")
    var settings = SQLiteSettings(journal: .wal, synchronous: .normal)
    settings.patience = 30
    try SQLiteDatabase(.file(path), settings).execute(
      "CREATE TABLE counter(id INTEGER PRIMARY KEY, value INTEGER); INSERT INTO counter VALUES(1,0)"
    )
    connections = try (0..<count).map { _ in try Connection(path, settings) }
    pool = try ThreadPool(threads: count)
  }

  deinit { pool.shutdown() }

  /// - Returns: increments that were acknowledged.
  func raiseAll() throws -> UInt64 {
    let before = try connections[0].value()
    tries.count.store(0, ordering: .relaxed)
    for connection in connections {
      let raise = raise
      _ = pool.submit { [tries] in
        do {
          for _ in 0..<Self.each {
            tries.count.wrappingAdd(try raise(connection), ordering: .relaxed)
          }
        } catch { fatalError("an increment: \(error)") }
      }
    }
    pool.drain()
    let done = Self.each * connections.count
    kept = Double(try connections[0].value() - before) / Double(done)
    return UInt64(done)
  }

  var reports: [String: Counter] {
    let done = Double(Self.each * connections.count)
    return [
      "increments kept": Counter(100 * kept, unit: .share),
      "tries per increment": Counter(
        Double(tries.count.load(ordering: .relaxed)) / done, unit: .count),
    ]
  }

  private final class Tries: Sendable {
    let count = Atomic<Int>(0)
  }

  /// A connection and its statements. One thread at a time uses it.
  final class Connection: @unchecked Sendable {
    private let database: SQLiteDatabase
    private let read, write, compared, added: SQLiteStatement

    fileprivate init(_ path: String, _ settings: SQLiteSettings) throws {
      database = try SQLiteDatabase(.file(path), settings)
      read = try database.prepare("SELECT value FROM counter WHERE id = 1")
      write = try database.prepare("UPDATE counter SET value = ? WHERE id = 1")
      compared = try database.prepare("UPDATE counter SET value = ? WHERE id = 1 AND value = ?")
      added = try database.prepare("UPDATE counter SET value = value + 1 WHERE id = 1")
    }

    func value() throws -> Int {
      defer { read.reset() }
      _ = try read.step()
      return read.integer(0)
    }

    func set(_ value: Int) throws {
      try write.bind(value, at: 1)
      try write.run()
    }

    /// - Returns: whether the old value was still there.
    func set(_ value: Int, ifStill old: Int) throws -> Bool {
      try compared.bind(value, at: 1)
      try compared.bind(old, at: 2)
      try compared.run()
      return database.changes == 1
    }

    func addOne() throws { try added.run() }
  }
}
