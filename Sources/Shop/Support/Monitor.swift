import Glibc

/// A value behind a mutex, with a condition on which threads wait for it to change.
final class Monitor<Value>: @unchecked Sendable {
  // SAFETY (@unchecked): the value is reached only while the mutex is held.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var value: Value

  init(_ value: Value) {
    self.value = value
    pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    pthread_condattr_init(&attributes)
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    pthread_cond_init(changed, &attributes)
    pthread_condattr_destroy(&attributes)
  }

  deinit {
    pthread_cond_destroy(changed)
    pthread_mutex_destroy(mutex)
    changed.deallocate()
    mutex.deallocate()
  }

  /// Uses the value. Wakes nobody.
  func with<Answer>(_ body: (inout Value) throws -> Answer) rethrows -> Answer {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }

  /// Changes the value, and wakes those who wait for that.
  func change<Answer>(_ body: (inout Value) -> Answer) -> Answer {
    defer { pthread_cond_broadcast(changed) }
    return with(body)
  }

  /// Wakes one of those who wait.
  func wakeOne() { pthread_cond_signal(changed) }

  /// Waits until `body` returns something.
  /// - Parameter nanoseconds: to wait at most; nil for ever.
  /// - Returns: nil where the time was over.
  func wait<Answer>(
    within nanoseconds: UInt64? = nil, until body: (inout Value) -> Answer?
  ) -> Answer? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    var deadline = timespec()
    if let nanoseconds { deadline = Self.time(after: nanoseconds) }
    while true {
      if let answer = body(&value) { return answer }
      if nanoseconds == nil {
        pthread_cond_wait(changed, mutex)
      } else if pthread_cond_timedwait(changed, mutex, &deadline) == ETIMEDOUT {
        return body(&value)
      }
    }
  }

  private static func time(after nanoseconds: UInt64) -> timespec {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let end = UInt64(now.tv_nsec) + nanoseconds
    return timespec(
      tv_sec: now.tv_sec + Int(end / 1_000_000_000), tv_nsec: Int(end % 1_000_000_000))
  }
}
