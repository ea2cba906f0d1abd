import Databases
import Platform
import Techniques

/// The Shop's data in a file of SQLite, in write-ahead mode: some connections read, one writes.
final class SQLiteStorage: Storage {
  private let path: String
  private let settings: ShopSettings
  let readers: ConnectionPool<ShopConnection>
  /// SQLite has one writer at a time: where this has one connection, who waits for it waits here, and
  /// not in SQLite's busy handler.
  private let writers: ConnectionPool<ShopConnection>
  private let network: Delay

  /// Opens the database, and fills it where it is new.
  /// - Throws: `ShopRefused`.
  init(_ settings: ShopSettings) throws(ShopRefused) {
    self.settings = settings
    network = Delay(settings.databaseTime)
    let path = "\(settings.folder)/shop.db"
    self.path = path
    do {
      let first = try Self.writer(path, settings)
      try SeededData.fill(first.database, settings.data)
      try first.database.execute(
        settings.has(.missingIndex) ? SeededData.noIndex : SeededData.index)
      let others = try (1..<max(1, settings.writers)).map { _ in
        try Self.writer(path, settings)
      }
      writers = ConnectionPool([first] + others)
      let count = settings.has(.smallPool) ? 1 : settings.readers
      readers = ConnectionPool(
        try (0..<count).map { _ in try Self.reader(path, settings) })
    } catch let refused as ShopRefused {
      throw refused
    } catch { throw .database("\(error)") }
  }

  private static func writer(
    _ path: String, _ settings: ShopSettings
  ) throws -> ShopConnection {
    try ShopConnection(path, isDurable: settings.isDurable, keepsLog: settings.keepsLog)
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
        name: "shop_writer_waiting", help: "Threads that wait to write", value: writers.waiting),
    ]
  }

  /// Lends a connection for reading.
  func read<Answer>(
    _ scope: RequestScope, _ body: (ShopConnection) throws -> Answer
  ) throws -> Answer {
    if settings.has(.connectionPerRequest) {
      scope.count(.openedDatabases)
      let connection = try scope.span("connect") { try Self.reader(path, settings) }
      defer { network.wait() }
      return try body(connection)
    }
    if let kept = scope.connection {
      defer { network.wait() }
      return try body(kept)
    }
    let connection = try checkOut(of: readers, scope)
    if settings.keepsConnection {
      scope.connection = connection
      defer { network.wait() }
      return try body(connection)
    }
    guard settings.has(.leakingPool) else {
      defer { readers.checkIn(connection) }
      defer { network.wait() }
      return try body(connection)
    }
    // Only where nothing is thrown.
    let answer = try body(connection)
    network.wait()
    readers.checkIn(connection)
    return answer
  }

  /// Takes the connection back that a request has kept.
  func release(_ scope: RequestScope) {
    if let kept = scope.connection { readers.checkIn(kept) }
    scope.connection = nil
  }

  /// Lends a connection for writing, in a transaction.
  func write<Answer>(
    _ scope: RequestScope, _ body: (ShopConnection) throws -> Answer
  ) throws -> Answer {
    let connection = try checkOut(of: writers, scope)
    defer { writers.checkIn(connection) }
    return try connection.transaction(scope) { try body(connection) }
  }

  private func checkOut(
    of pool: ConnectionPool<ShopConnection>, _ scope: RequestScope
  ) throws -> ShopConnection {
    do {
      guard pool.inUse == pool.size else { return try pool.checkOut(within: settings.poolPatience) }
      scope.count(.poolWaits)
      return try scope.span("pool") {
        let start = Clock.now()
        defer { scope.count(.poolWaitNanoseconds, Int(Clock.now() - start)) }
        return try pool.checkOut(within: settings.poolPatience)
      }
    } catch is PoolExhausted {
      scope.count(.poolTimeouts)
      throw RequestError.unavailable("no database connection became free in time")
    }
  }
}
