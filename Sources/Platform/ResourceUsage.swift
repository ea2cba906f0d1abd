import CPerflab

/// The accounts of the whole process, ended threads included.
public enum ProcessAccounting {
  /// Everything up to now, in two system calls.
  /// Source: `getrusage(RUSAGE_SELF)`, `CLOCK_PROCESS_CPUTIME_ID`.
  public static func read() -> ResourceUsage { ResourceUsage(perflab_process_usage()) }
}

/// What the kernel has charged to a thread or a process.
///
/// Two readings subtract to what happened between them:
/// `let used = ProcessAccounting.read() - before`.
public struct ResourceUsage: Equatable, Sendable {
  /// Processor time in user mode, in nanoseconds (the kernel counts in microseconds).
  public var userNanoseconds: UInt64
  /// Processor time in the kernel, in nanoseconds (the kernel counts in microseconds).
  public var systemNanoseconds: UInt64
  /// User and system time together, by the scheduler's finer clock.
  public var cpuNanoseconds: UInt64
  /// Switches because a thread had to wait.
  public var voluntarySwitches: UInt64
  /// Switches because something else was given the processor.
  public var involuntarySwitches: UInt64
  /// Page faults served from memory.
  public var minorFaults: UInt64
  /// Page faults that had to read from storage.
  public var majorFaults: UInt64

  /// What happened from `earlier` to `later`.
  public static func - (later: Self, earlier: Self) -> Self {
    ResourceUsage(
      userNanoseconds: later.userNanoseconds &- earlier.userNanoseconds,
      systemNanoseconds: later.systemNanoseconds &- earlier.systemNanoseconds,
      cpuNanoseconds: later.cpuNanoseconds &- earlier.cpuNanoseconds,
      voluntarySwitches: later.voluntarySwitches &- earlier.voluntarySwitches,
      involuntarySwitches: later.involuntarySwitches &- earlier.involuntarySwitches,
      minorFaults: later.minorFaults &- earlier.minorFaults,
      majorFaults: later.majorFaults &- earlier.majorFaults)
  }

  init(
    userNanoseconds: UInt64, systemNanoseconds: UInt64, cpuNanoseconds: UInt64,
    voluntarySwitches: UInt64, involuntarySwitches: UInt64, minorFaults: UInt64,
    majorFaults: UInt64
  ) {
    self.userNanoseconds = userNanoseconds
    self.systemNanoseconds = systemNanoseconds
    self.cpuNanoseconds = cpuNanoseconds
    self.voluntarySwitches = voluntarySwitches
    self.involuntarySwitches = involuntarySwitches
    self.minorFaults = minorFaults
    self.majorFaults = majorFaults
  }

  init(_ usage: perflab_usage) {
    self.init(
      userNanoseconds: usage.user_ns, systemNanoseconds: usage.system_ns,
      cpuNanoseconds: usage.cpu_ns, voluntarySwitches: usage.voluntary_switches,
      involuntarySwitches: usage.involuntary_switches, minorFaults: usage.minor_faults,
      majorFaults: usage.major_faults)
  }
}
