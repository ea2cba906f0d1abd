import Databases
import Platform
import Techniques

/// The Shop's data in a file of SQLite, in write-ahead mode: some connections read, one writes.
final class SQLiteStorage: Storage {
  private let path: String
  private let settings: ShopSettings
  let readers: ConnectionPool<ShopConnection>
  /// SQLite has one writer at a time: who waits for it waits here, and not in its busy handler.
  private let writer: ConnectionPool<ShopConnection>

  /// Opens the database, and fills it where it is new.
  /// - Throws: `ShopRefused`.
  init(_ settings: ShopSettings) throws(ShopRefused) {
    self.settings = settings
    let path = "\(settings.folder)/shop.db"
    self.path = path
    do {
      let first = try ShopConnection(path, isDurable: settings.isDurable)
      try SeededData.fill(first.database, settings.data)
      try first.database.execute(
        settings.has(.missingIndex) ? SeededData.noIndex : SeededData.index)
      writer = ConnectionPool([first])
      let count = settings.has(.smallPool) ? 1 : settings.readers
      readers = ConnectionPool(
        try (0..<count).map { _ in try Self.reader(path, settings) })
    } catch let refused as ShopRefused {
      throw refused
    } catch { throw .database("\(error)") }
  }

  private static func reader(_ path: String, _ settings: ShopSettings) throws -> ShopConnection {
    try ShopConnection(
      path, isDurable: settings.isDurable,
      keepsStatements: !settings.has(.unpreparedStatements))
  }

  var gauges: [Gauge] {
    [
      Gauge(name: "shop_pool_size", help: "Database connections for reading", value: readers.size),
      Gauge(name: "shop_pool_in_use", help: "Those that are in use", value: readers.inUse),
      Gauge(name: "shop_pool_waiting", help: "Threads that wait for one", value: readers.waiting),
      Gauge(
        name: "shop_writer_waiting", help: "Threads that wait to write", value: writer.waiting),
    ]
  }

  /// Lends a connection for reading.
  func read<Answer>(
    _ scope: RequestScope, _ body: (ShopConnection) throws -> Answer
  ) throws -> Answer {
    if settings.has(.connectionPerRequest) {
      scope.count(.openedDatabases)
      return try body(try Self.reader(path, settings))
    }
    let connection = try checkOut(of: readers, scope)
    guard settings.has(.leakingPool) else {
      defer { readers.checkIn(connection) }
      return try body(connection)
    }
    let answer = try body(connection)
    readers.checkIn(connection)
    return answer
  }

  /// Lends the connection for writing, in a transaction.
  func write<Answer>(
    _ scope: RequestScope, _ body: (ShopConnection) throws -> Answer
  ) throws -> Answer {
    let connection = try checkOut(of: writer, scope)
    defer { writer.checkIn(connection) }
    return try connection.transaction(scope) { try body(connection) }
  }

  private func checkOut(
    of pool: ConnectionPool<ShopConnection>, _ scope: RequestScope
  ) throws -> ShopConnection {
    guard pool.inUse == pool.size else { return try pool.checkOut(within: settings.poolPatience) }
    scope.count(.poolWaits)
    return try scope.span("pool") {
      let start = Clock.now()
      defer { scope.count(.poolWaitNanoseconds, Int(Clock.now() - start)) }
      do { return try pool.checkOut(within: settings.poolPatience) } catch {
        scope.count(.poolTimeouts)
        throw RequestError.unavailable("no database connection became free in time")
      }
    }
  }
}
