import CPerflab
import Glibc

/// How long a thread spins for what it waits for, before it sleeps.
///
/// To sleep and to be woken take system calls on both sides, and some microseconds or tens of them
/// on a virtual machine. Who spins for about as long as that pays at most twice what the better of
/// the two would have cost.
///
/// Source: Karlin, Li, Manasse and Owicki, *Empirical Studies of Competitive Spinning for a
/// Shared-Memory Multiprocessor* (SOSP 1991).
struct Patience: Sendable {
  /// On a single processor the spinner would only delay the thread that it waits for.
  private let spins: Bool
  private static let nanoseconds: UInt64 = 50_000
  /// Each look takes lines from the threads that write them. Who looks again at once slows down what it
  /// waits for, and finds one task where a little later there are several.
  private static let mostPauses = 8

  /// - Parameter cpus: the processors that the waiting threads are pinned to, if they are. They may
  ///   also wait for the calling thread, wherever that may run.
  init(cpus: [Int]) {
    var allowed = [UInt8](repeating: 0, count: Int(PERFLAB_CPU_LIMIT))
    perflab_get_affinity(&allowed)
    for cpu in cpus where allowed.indices.contains(cpu) { allowed[cpu] = 1 }
    spins = allowed.count { $0 != 0 } > 1
  }

  /// Returns true as soon as `isThere`, false when the time is over.
  ///
  /// The time is the clock's, so that a thread that had lost its processor meanwhile does not go on.
  /// - Parameter yield: called every microsecond or so, to let another thread have the processor.
  @inline(__always)
  func spin(until isThere: () -> Bool, yield: () -> Void = { sched_yield() }) -> Bool {
    if !spins { return isThere() }
    let end = perflab_now() + Self.nanoseconds
    var pauses = 1
    while true {
      var paused = 0
      while paused < 64 {
        if isThere() { return true }
        for _ in 0..<pauses { perflab_spin_hint() }
        paused += pauses
        if pauses < Self.mostPauses { pauses *= 2 }
      }
      if perflab_now() >= end { return false }
      yield()
    }
  }
}
