import Databases
import Glibc
import Platform
import Techniques

/// Services with a database's file each, or one for all, and clients that change rows in them, each
/// in a thread of its own.
final class ServiceFiles {
  /// Operations of each client in a call.
  static let each = 10
  /// Microseconds of a message between services, or of a computation.
  static let pause: UInt32 = 300
  /// The same with the kernel's timer slack, in nanoseconds.
  static let pauseNanoseconds = 350e3

  /// What a client does once, with its connections to all files.
  typealias Operation = @Sendable (_ files: [File], _ client: Int, _ number: Int) throws -> Void

  private let pool: ThreadPool
  private let folder: ScratchFolder
  private let clients: [[File]]
  private let operation: Operation
  private var calls = 0

  init(files: Int, clients count: Int, _ operation: @escaping Operation) throws {
    self.operation = operation
    folder = try ScratchFolder(bytes: 16 << 20)
    let paths = (0..<files).map { [folder] in folder.file("service\($0).db") }
    for path in paths { try File.make(path) }
    clients = try (0..<count).map { _ in try paths.map { try File($0) } }
    pool = try ThreadPool(threads: count)
  }

  deinit { pool.shutdown() }

  /// - Returns: operations that were done.
  func runAll() throws -> UInt64 {
    let first = calls * Self.each
    calls += 1
    for (client, files) in clients.enumerated() {
      _ = pool.submit { [operation] in
        do {
          for number in first..<first + Self.each { try operation(files, client, number) }
        } catch { fatalError("a service: \(error)") }
      }
    }
    pool.drain()
    return UInt64(Self.each * clients.count)
  }

  /// A connection to a service's database. One thread at a time uses it.
  final class File: @unchecked Sendable {
    private let database: SQLiteDatabase
    private let raise: SQLiteStatement

    private static var settings: SQLiteSettings {
      var settings = SQLiteSettings(journal: .wal, synchronous: .normal)
      settings.patience = 30
      return settings
    }

    fileprivate static func make(_ path: String) throws {
      let rows = (0..<16).map { "(\($0), 0)" }.joined(separator: ",")
      try SQLiteDatabase(.file(path), settings).execute(
        "CREATE TABLE rows(id INTEGER PRIMARY KEY, value INTEGER); INSERT INTO rows VALUES \(rows)")
    }

    fileprivate init(_ path: String) throws {
      database = try SQLiteDatabase(.file(path), Self.settings)
      raise = try database.prepare("UPDATE rows SET value = value + ? WHERE id = ?")
      // Opens the log, so that no call does.
      try begin()
      try commit()
    }

    /// Takes the lock for writing, waiting for it if need be.
    func begin() throws { try database.execute("BEGIN IMMEDIATE") }

    func commit() throws { try database.execute("COMMIT") }

    func add(_ amount: Int, to row: Int) throws {
      try raise.bind(amount, at: 1)
      try raise.bind(row, at: 2)
      try raise.run()
    }
  }
}
