import CPerflab
import Glibc

/// What interrupts the threads of a process so that their stacks are taken.
public enum SamplingClock: String, Equatable, Sendable, Codable {
  /// The kernel's processor clock by `perf_event_open`, each thread by itself; a system call's time
  /// counts for the function that made it.
  case perfEvent = "perf_event"
  /// The same, stopped within the kernel: all that an unprivileged process may have.
  case perfEventUserOnly = "perf_event, user mode only"
  /// A timer of the process's processor time, no finer than the kernel's tick.
  case timer = "SIGPROF"
}

/// Why stacks can't be taken.
public enum SamplingError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Neither way is open.
  case refused(perfEvent: Int32, timer: Int32)
  /// There is no memory for so many stacks.
  case noMemory(stacks: Int)

  /// One line.
  public var description: String {
    switch self {
    case .refused(let event, let timer):
      "the process can't be sampled: perf_event_open: \(name(event)), setitimer: "
        + "\(name(timer)); set /proc/sys/kernel/perf_event_paranoid to 2 or less to allow the first"
    case .noMemory(let stacks): "not enough memory for \(stacks) stacks"
    }
  }

  private func name(_ errno: Int32) -> String { String(cString: strerror(errno)) }
}

/// Takes the stack of whatever runs, at even distances of processor time: a sampling profiler of
/// its own process. There is one in a process at a time.
///
/// Threads that are started after this one is made are sampled too. The stacks are unwound by the
/// tables for exceptions, so that code without frame pointers, such as the C library's allocator,
/// keeps its callers. Sources: perf_event_open(2), `sigtrap`; Itanium C++ ABI, *Exception handling*.
public final class StackSampler {
  /// What it is woken by.
  public let clock: SamplingClock
  private let period: UInt64
  private let descriptor: Int32?

  /// The oldest kernel that delivers a trap to code which blocks it, as a starting thread does.
  static let firstSafeKernel = [5, 18]

  /// Opens the finest clock that is allowed; nothing is taken before `start`.
  /// - Parameters:
  ///   - period: nanoseconds of processor time between two stacks of a thread.
  ///   - capacity: stacks for which there is room.
  ///   - clocks: those that may be used, the best first.
  public init(
    period: UInt64, capacity: Int,
    clocks: [SamplingClock] = [.perfEvent, .perfEventUserOnly, .timer]
  ) throws(SamplingError) {
    guard perflab_sampler_prepare(capacity) == 0 else { throw .noMemory(stacks: capacity) }
    self.period = period
    var refusal = ENOSYS
    let isSafe = !Self.number(Host.current().kernel).lexicographicallyPrecedes(
      Self.firstSafeKernel)
    for clock in clocks where clock != .timer && isSafe {
      let descriptor = perflab_sampler_open(period, clock == .perfEventUserOnly ? 1 : 0)
      if descriptor >= 0 {
        self.clock = clock
        self.descriptor = descriptor
        return
      }
      refusal = -descriptor
    }
    descriptor = nil
    clock = .timer
    // Asked once here, so that a refusal is known before anything runs.
    let error = clocks.contains(.timer) ? perflab_sampler_timer(1_000_000_000) : EPERM
    _ = perflab_sampler_timer(0)
    guard error == 0 else { throw .refused(perfEvent: refusal, timer: error) }
  }

  deinit {
    stop()
    if let descriptor { close(descriptor) }
  }

  /// Begins to take stacks.
  public func start() {
    if let descriptor {
      _ = perflab_perf_enable(descriptor, 0)
    } else {
      // The kernel's tick is no finer than a millisecond.
      _ = perflab_sampler_timer(max(period, 1_000_000))
    }
  }

  /// Takes no more.
  public func stop() {
    if let descriptor {
      _ = perflab_perf_disable(descriptor, 0)
    } else {
      _ = perflab_sampler_timer(0)
    }
  }

  /// Stacks for which there was no room.
  public var lost: Int { perflab_sampler_lost() }

  /// The stacks taken so far, each as places in the code, the innermost first. To be read when
  /// stopped.
  public func stacks() -> [[UInt]] {
    (0..<perflab_sampler_taken()).map { index in
      var frames: UnsafePointer<UInt>?
      let count = perflab_sampler_stack(index, &frames)
      // SAFETY: `count` frames of a stack lie there until the next sampler is made.
      return Array(UnsafeBufferPointer(start: frames, count: count))
    }
  }

  /// `6.18.44-fc` as 6, 18, 44.
  static func number(_ release: String) -> [Int] {
    release.prefix { $0.isNumber || $0 == "." }.split(separator: ".").compactMap { Int($0) }
  }
}
