import CPerflab
import Glibc

/// A bounded number of connections that threads share. Who finds none free waits, first come, first
/// served.
///
/// `withConnection` returns a connection on every way out of its body, so that errors can't leak
/// any. `checkOut` and `checkIn` are for callers whose use has no scope.
///
///     let rows = try pool.withConnection(within: 1_000_000_000) { try $0.query(sql) }
///
/// The gauges (`inUse`, `waiting`) are what to watch: a pool that is too small has waiters, one that
/// leaks has connections in use and no work.
public final class ConnectionPool<Connection>: @unchecked Sendable {
  // SAFETY (@unchecked): all state is used under the mutex only; a connection is used by one thread
  // at a time, and the mutex orders its use by one before its use by the next.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let returned = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var free: [Connection]
  private var turnToTake = 0
  private var nextTurn = 0
  private var gaveUp: Set<Int> = []

  /// Of the pool.
  public let size: Int

  /// - Parameter connections: that it lends.
  public init(_ connections: [Connection]) {
    free = connections.reversed()
    size = connections.count
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(returned, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(returned)
    pthread_mutex_destroy(mutex)
    returned.deallocate()
    mutex.deallocate()
  }

  /// Connections that are lent at this moment.
  public var inUse: Int { locked { size - free.count } }

  /// Threads that wait at this moment.
  public var waiting: Int { locked { nextTurn - turnToTake - gaveUp.count } }

  /// Lends a connection for as long as `body` runs.
  /// - Parameter nanoseconds: to wait for one at most.
  /// - Throws: `PoolExhausted` where none became free in that time; what `body` throws.
  public func withConnection<Answer>(
    within nanoseconds: UInt64, _ body: (Connection) throws -> Answer
  ) throws -> Answer {
    let connection = try checkOut(within: nanoseconds)
    defer { checkIn(connection) }
    return try body(connection)
  }

  /// Lends a connection until `checkIn`.
  /// - Parameter nanoseconds: to wait for one at most.
  /// - Throws: `PoolExhausted` where none became free in that time.
  public func checkOut(within nanoseconds: UInt64) throws(PoolExhausted) -> Connection {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    let turn = nextTurn
    nextTurn += 1
    var deadline = timespec()
    while turn != turnToTake || free.isEmpty {
      if deadline.tv_sec == 0 { deadline = Self.time(after: nanoseconds) }
      guard pthread_cond_timedwait(returned, mutex, &deadline) == ETIMEDOUT else { continue }
      if turn == turnToTake { pass() } else { gaveUp.insert(turn) }
      throw PoolExhausted(size: size)
    }
    pass()
    return free.removeLast()
  }

  /// Takes a connection back.
  public func checkIn(_ connection: Connection) {
    locked {
      free.append(connection)
      pthread_cond_broadcast(returned)
    }
  }

  /// The turn of the next one who still waits.
  private func pass() {
    repeat { turnToTake += 1 } while gaveUp.remove(turnToTake) != nil
    pthread_cond_broadcast(returned)
  }

  private func locked<Answer>(_ body: () -> Answer) -> Answer {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  private static func time(after nanoseconds: UInt64) -> timespec {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let end = UInt64(now.tv_nsec) + nanoseconds
    return timespec(
      tv_sec: now.tv_sec + Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
  }
}

/// No connection became free in the time that the caller would wait.
public struct PoolExhausted: Error, Hashable, Sendable, CustomStringConvertible {
  /// Connections of the pool.
  public let size: Int

  /// One line.
  public var description: String { "all \(size) connections of the pool are in use" }
}
