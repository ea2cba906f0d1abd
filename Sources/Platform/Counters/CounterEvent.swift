/// What `perf_event_open` can count. The raw values are `perf list`'s names.
public enum CounterEvent: String, CaseIterable, Equatable, Sendable {
  /// Core cycles, at whatever frequency the core ran.
  case cycles
  /// Instructions retired.
  case instructions
  /// Mispredicted branches, by direction or target.
  case branchMisses = "branch-misses"
  /// Misses of the last cache (what exactly, the processor decides).
  case cacheMisses = "cache-misses"
  /// Accesses to the last cache (what exactly, the processor decides).
  case cacheReferences = "cache-references"
  /// Loads that missed the first data cache.
  case l1dLoadMisses = "L1-dcache-load-misses"
  /// Loads that missed the first data TLB.
  case dtlbLoadMisses = "dTLB-load-misses"
  /// Nanoseconds on a processor.
  case taskClock = "task-clock"
  /// Times that the thread left its processor.
  case contextSwitches = "context-switches"
  /// Moves to another processor.
  case migrations = "cpu-migrations"
  /// Page faults, minor and major.
  case pageFaults = "page-faults"

  /// Counted by the processor itself.
  public var isHardware: Bool { kind.type != Kind.software }

  /// Events that are put on the processor together, so that their ratio is of one moment. Four
  /// fit every processor that we know; more would keep a group from ever being counted.
  static let groups: [[CounterEvent]] = [
    [.cycles, .instructions, .branchMisses, .cacheMisses],
    [.cacheReferences, .l1dLoadMisses, .dtlbLoadMisses],
    [.taskClock, .contextSwitches, .migrations, .pageFaults],
  ]

  /// What a permission to count user mode alone (`perf_event_paranoid` 2) leaves of the event.
  var scope: Scope {
    switch self {
    case .contextSwitches, .migrations: .kernel
    case .taskClock, .pageFaults: .everything
    default: .user
    }
  }

  enum Scope {
    /// Counted in user mode: the subject is the kernel function's code, not the kernel's.
    case user
    /// Counted everywhere if that is allowed, else in user mode, where it still means something.
    case everything
    /// Happens in the kernel alone: restricted to user mode it would be a silent zero.
    case kernel
  }

  /// Source: `linux/perf_event.h`, `enum perf_type_id` and what follows it.
  var kind: Kind {
    switch self {
    case .cycles: Kind(type: Kind.hardware, config: 0)
    case .instructions: Kind(type: Kind.hardware, config: 1)
    case .cacheReferences: Kind(type: Kind.hardware, config: 2)
    case .cacheMisses: Kind(type: Kind.hardware, config: 3)
    case .branchMisses: Kind(type: Kind.hardware, config: 5)
    // Cache 0 (L1D) or 3 (data TLB), operation 0 (read) << 8, result 1 (miss) << 16.
    case .l1dLoadMisses: Kind(type: Kind.cache, config: 1 << 16)
    case .dtlbLoadMisses: Kind(type: Kind.cache, config: 3 | 1 << 16)
    case .taskClock: Kind(type: Kind.software, config: 1)
    case .pageFaults: Kind(type: Kind.software, config: 2)
    case .contextSwitches: Kind(type: Kind.software, config: 3)
    case .migrations: Kind(type: Kind.software, config: 4)
    }
  }

  struct Kind {
    static let hardware: UInt32 = 0
    static let software: UInt32 = 1
    static let cache: UInt32 = 3
    let type: UInt32
    let config: UInt64
  }
}

/// Why an event can't be counted.
public struct CounterUnavailable: Error, Equatable, Sendable, CustomStringConvertible {
  /// The event.
  public let event: CounterEvent
  /// The kernel's answer; 0 if the event was opened and never counted, -1 if it was not requested.
  public let errno: Int32

  /// One line: what it means here.
  public var reason: String {
    switch errno {
    case -1: "not requested"
    case 0: "opened, but no hardware counter was ever free for it"
    case 1, 13: "not permitted (kernel.perf_event_paranoid, or the container forbids it)"
    case 2, 19, 95: "not offered by this processor or its hypervisor"
    case 16: "another program is using the counters"
    case 22: "this processor can't count it in this mode"
    case 24: "too many open files"
    case 38: "the kernel is built without perf events, or the container forbids them"
    default: SystemError.describe(errno)
    }
  }

  /// `cycles: not offered by this processor or its hypervisor (errno 2)`.
  public var description: String { "\(event.rawValue): \(reason) (errno \(errno))" }
}
