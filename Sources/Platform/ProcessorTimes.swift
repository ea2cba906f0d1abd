import Glibc

/// Nanoseconds of processor time: of the calling thread, and of the process's other threads.
public struct ProcessorTimes: Sendable {
  /// Of the calling thread.
  public let own: UInt64
  /// Of all other threads of the process, those that have ended included.
  public let others: UInt64

  /// Used so far. Two system calls.
  public static func now() -> ProcessorTimes {
    // In this order the process has used at least as much as the thread.
    let (own, process) = (ofThread(), clock(CLOCK_PROCESS_CPUTIME_ID))
    return ProcessorTimes(own: own, others: process - own)
  }

  /// Of the calling thread alone, so far. A system call.
  public static func ofThread() -> UInt64 { clock(CLOCK_THREAD_CPUTIME_ID) }

  /// What was used from `earlier` to `later`, both taken by the same thread.
  public static func - (later: ProcessorTimes, earlier: ProcessorTimes) -> ProcessorTimes {
    // Where the others did nothing, what lies between the two clocks may have become less.
    ProcessorTimes(
      own: later.own - earlier.own, others: later.others - min(later.others, earlier.others))
  }

  /// Of another process with all its threads, so far; 0 where there is none. Two system calls.
  public static func of(_ process: pid_t) -> UInt64 {
    var id = clockid_t()
    return clock_getcpuclockid(process, &id) == 0 ? clock(id) : 0
  }

  private static func clock(_ id: clockid_t) -> UInt64 {
    var time = timespec()
    clock_gettime(id, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
