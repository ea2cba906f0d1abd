import Platform
import Techniques

/// The Shop's data in a database: SQLite in this process, or PostgreSQL.
///
/// PostgreSQL runs its transactions side by side, where SQLite has one writer. Therefore each locks
/// rows in the same order, so that there is no deadlock: the order (by its key), then its products by
/// their ids; a session, then its cart.
final class DatabaseStorage: Storage {
  private let settings: ShopSettings
  private let reader: @Sendable () throws -> any ShopConnection
  let readers: ConnectionPool<any ShopConnection>
  /// SQLite has one writer at a time: where this has one connection, who waits for it waits here, and
  /// not in SQLite's busy handler.
  private let writers: ConnectionPool<any ShopConnection>
  private let network: Delay

  /// Opens the database, and fills it where it is new.
  /// - Throws: `ShopRefused`.
  init(_ settings: ShopSettings) throws(ShopRefused) {
    self.settings = settings
    network = Delay(settings.databaseTime)
    do {
      let opened = try OpenedDatabase(settings)
      writers = ConnectionPool(opened.writers)
      reader = opened.reader
      let count = settings.has(.smallPool) ? 1 : settings.readers
      readers = ConnectionPool(try (0..<count).map { _ in try opened.reader() })
    } catch let refused as ShopRefused {
      throw refused
    } catch { throw .database("\(error)") }
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
    _ scope: RequestScope, _ body: (any ShopConnection) throws -> Answer
  ) throws -> Answer {
    if settings.has(.connectionPerRequest) {
      scope.count(.openedDatabases)
      let connection = try scope.span("connect") { try reader() }
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
    _ scope: RequestScope, _ body: (any ShopConnection) throws -> Answer
  ) throws -> Answer {
    let connection = try checkOut(of: writers, scope)
    defer { writers.checkIn(connection) }
    return try connection.transaction(scope) { try body(connection) }
  }

  private func checkOut(
    of pool: ConnectionPool<any ShopConnection>, _ scope: RequestScope
  ) throws -> any ShopConnection {
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
