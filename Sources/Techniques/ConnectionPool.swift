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
  /// Empty while anybody waits.
  private var free: [Connection]
  /// In the order in which they came.
  private var waiters: [Waiter] = []

  /// Of the pool.
  public let size: Int

  /// A thread that waits. It has a condition of its own: a connection that comes back wakes the one
  /// thread that gets it, and not all of them.
  private final class Waiter {
    let isServed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    var connection: Connection?

    init() {
      var attributes = pthread_condattr_t()
      pthread_condattr_init(&attributes)
      pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
      pthread_cond_init(isServed, &attributes)
      pthread_condattr_destroy(&attributes)
    }

    deinit {
      pthread_cond_destroy(isServed)
      isServed.deallocate()
    }
  }

  /// - Parameter connections: that it lends.
  public init(_ connections: [Connection]) {
    free = connections.reversed()
    size = connections.count
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  /// Connections that are lent at this moment.
  public var inUse: Int { locked { size - free.count } }

  /// Threads that wait at this moment.
  public var waiting: Int { locked { waiters.count } }

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
    if let connection = free.popLast() { return connection }
    let waiter = Waiter()
    waiters.append(waiter)
    var deadline = Self.time(after: nanoseconds)
    while true {
      let result = pthread_cond_timedwait(waiter.isServed, mutex, &deadline)
      if let connection = waiter.connection { return connection }
      guard result == ETIMEDOUT else { continue }
      waiters.removeAll { $0 === waiter }
      throw PoolExhausted(size: size)
    }
  }

  /// Takes a connection back, and hands it to the thread that has waited longest.
  public func checkIn(_ connection: Connection) {
    locked {
      guard !waiters.isEmpty else { return free.append(connection) }
      let first = waiters.removeFirst()
      first.connection = connection
      pthread_cond_signal(first.isServed)
    }
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
