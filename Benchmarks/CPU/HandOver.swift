import Glibc

/// A buffer that alternates between a producer and a consumer: one fills it while the other waits.
final class HandOver: @unchecked Sendable {
  // SAFETY (@unchecked): all properties but the condition are used under the mutex only.
  let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  let turned = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  let capacity: Int
  var items: [Int] = []
  var full = false
  var closed = false
  var sum = 0

  init(capacity: Int) {
    self.capacity = capacity
    items.reserveCapacity(capacity)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(turned, nil)
  }

  deinit {
    pthread_cond_destroy(turned)
    pthread_mutex_destroy(mutex)
    turned.deallocate()
    mutex.deallocate()
  }

  /// Gives the buffer to the other side and waits until it comes back. The caller holds the mutex.
  func passOn(full: Bool) {
    self.full = full
    pthread_cond_signal(turned)
    while self.full == full && !closed { pthread_cond_wait(turned, mutex) }
  }
}
