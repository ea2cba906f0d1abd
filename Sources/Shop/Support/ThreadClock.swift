import Glibc

/// The processor time of the calling thread.
enum ThreadClock {
  /// Nanoseconds so far. A system call.
  static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
