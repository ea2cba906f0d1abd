import CSQLite
import Glibc
import Platform

/// How a connection waits where another one holds a lock: it sleeps as long as SQLite's own busy
/// handler does (`sqlite3_busy_timeout`), and counts how long that took.
final class LockWaits {
  /// In milliseconds, from try to try (main.c: `sqliteDefaultBusyCallback`); the last one repeats.
  private static let delays = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100]

  private let limit: UInt64
  private var current: UInt64 = 0
  /// Nanoseconds spent waiting.
  private(set) var total: UInt64 = 0

  /// - Parameter seconds: after which it gives up.
  init(seconds: Double) { limit = UInt64(seconds * 1e9) }

  /// Becomes the handler of a connection that lives no longer than this.
  func serve(_ connection: OpaquePointer) {
    let context = Unmanaged.passUnretained(self).toOpaque()
    sqlite3_busy_handler(
      connection,
      { context, tries in
        Unmanaged<LockWaits>.fromOpaque(context!).takeUnretainedValue().wait(Int(tries)) ? 1 : 0
      }, context)
  }

  /// - Parameter tries: before this one, for the same lock.
  /// - Returns: whether to try again.
  private func wait(_ tries: Int) -> Bool {
    if tries == 0 { current = 0 }
    guard current < limit else { return false }
    let start = Clock.now()
    usleep(UInt32(1_000 * Self.delays[min(tries, Self.delays.count - 1)]))
    let waited = Clock.now() - start
    current += waited
    total += waited
    return true
  }
}

extension SQLiteDatabase {
  /// Nanoseconds that the connection has waited for locks since it was opened.
  public var nanosecondsWaited: UInt64 { waits?.total ?? 0 }
}
