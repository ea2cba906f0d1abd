import Glibc

/// A value behind a POSIX mutex.
///
/// Like `Synchronization.Mutex`; but the thread sanitiser knows this one, and takes every value
/// behind the standard library's for a race, as that library is not instrumented.
struct Locked<Value>: ~Copyable, @unchecked Sendable {
  // SAFETY (@unchecked): the value is reached only in `withLock`.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let value: UnsafeMutablePointer<Value>

  init(_ initial: sending Value) {
    mutex = .allocate(capacity: 1)
    value = .allocate(capacity: 1)
    // Adaptive: it spins for a while before it sleeps, since what is done under a lock is short.
    var attributes = pthread_mutexattr_t()
    pthread_mutexattr_init(&attributes)
    pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_ADAPTIVE_NP))
    pthread_mutex_init(mutex, &attributes)
    pthread_mutexattr_destroy(&attributes)
    value.initialize(to: initial)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    value.deinitialize(count: 1)
    mutex.deallocate()
    value.deallocate()
  }

  func withLock<Answer>(_ body: (inout Value) -> Answer) -> Answer {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body(&value.pointee)
  }
}
