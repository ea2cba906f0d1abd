import CPerflab
import Glibc

/// What the kernel has charged to one thread. Two readings of one `ThreadAccountant` subtract.
public struct ThreadAccounting: Equatable, Sendable {
  /// Times, switches and faults, counted for this thread alone.
  public var usage: ResourceUsage
  /// Nanoseconds in which the thread could have run but waited for a processor.
  /// Nil where the kernel does not say; `ThreadAccountant.runDelayUnavailable` has the reason.
  public var runDelayNanoseconds: UInt64?
  /// Moves from one processor to another.
  /// Nil where the kernel does not say; `ThreadAccountant.migrationsUnavailable` has the reason.
  public var migrations: UInt64?

  /// What happened from `earlier` to `later`.
  public static func - (later: Self, earlier: Self) -> Self {
    ThreadAccounting(
      usage: later.usage - earlier.usage,
      runDelayNanoseconds: difference(later.runDelayNanoseconds, earlier.runDelayNanoseconds),
      migrations: difference(later.migrations, earlier.migrations))
  }

  private static func difference(_ later: UInt64?, _ earlier: UInt64?) -> UInt64? {
    guard let later, let earlier else { return nil }
    return later &- earlier
  }
}

/// Reads the accounts of the thread that made it.
///
/// Not sendable on purpose: `getrusage(RUSAGE_THREAD)` speaks of whoever calls, so that a reading
/// from another thread would mix two accounts. A reading costs four system calls.
/// Source: `getrusage(RUSAGE_THREAD)`, `/proc/thread-self/schedstat`, the `perf` software event
/// `cpu-migrations` or, without the permission for that, `se.nr_migrations` of
/// `/proc/thread-self/sched`.
public final class ThreadAccountant {
  /// Why there is no run delay; nil where there is.
  public let runDelayUnavailable: String?
  /// Why migrations aren't counted; nil where they are.
  public let migrationsUnavailable: String?

  private let runDelay: RunDelayMeter
  private let migrationSource: MigrationSource?
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)

  /// Opens the files of the calling thread. What can't be opened is nil in every reading.
  public convenience init() {
    // Counted in the kernel: restricted to user mode, this event would stay at zero.
    let kind = CounterEvent.migrations.kind
    self.init(migrationEvent: perflab_perf_open(kind.type, kind.config, -1, 0, 0))
  }

  /// - Parameter migrationEvent: the descriptor of an event that is not enabled yet, or a negated
  ///   errno.
  init(migrationEvent: Int32) {
    runDelay = RunDelayMeter()
    runDelayUnavailable = runDelay.unavailable
    switch MigrationSource.open(event: migrationEvent) {
    case .success(let source):
      migrationSource = source
      migrationsUnavailable = nil
    case .failure(let reason):
      migrationSource = nil
      migrationsUnavailable = reason.text
    }
  }

  deinit {
    migrationSource?.close()
    buffer.deallocate()
  }

  /// Everything up to now. To be called by the thread that made the accountant.
  public func read() -> ThreadAccounting {
    ThreadAccounting(
      usage: ResourceUsage(perflab_thread_usage()),
      runDelayNanoseconds: runDelay.read(),
      migrations: migrationSource?.read(buffer))
  }
}

/// Why something can't be had, in one line.
struct Unavailable: Error, Equatable, Sendable {
  let text: String
  init(_ text: String) { self.text = text }
}

/// Where the number of migrations comes from.
private enum MigrationSource {
  case event(Int32)
  case schedFile(Int32)

  static func open(event: Int32) -> Result<MigrationSource, Unavailable> {
    if event >= 0 {
      let error = perflab_perf_enable(event, 0)
      if error == 0 { return .success(.event(event)) }
      Glibc.close(event)
    }
    let path = "/proc/thread-self/sched"
    let file = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    let reason = SystemError(call: "perf_event_open cpu-migrations", errno: -min(event, -1))
    guard file >= 0 else {
      return .failure(
        Unavailable("\(reason); \(SystemError(call: "open \(path)", errno: errno))"))
    }
    let probe = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
    defer { probe.deallocate() }
    guard MigrationSource.schedFile(file).read(probe) != nil else {
      Glibc.close(file)
      return .failure(Unavailable("\(reason); \(path) has no se.nr_migrations"))
    }
    return .success(.schedFile(file))
  }

  func read(_ buffer: UnsafeMutableRawBufferPointer) -> UInt64? {
    switch self {
    case .event(let descriptor):
      // One event in a group: the number of events, time enabled, time running, the value.
      guard Glibc.read(descriptor, buffer.baseAddress, 32) == 32 else { return nil }
      return buffer.load(fromByteOffset: 24, as: UInt64.self)
    case .schedFile(let descriptor):
      let count = pread(descriptor, buffer.baseAddress, buffer.count, 0)
      guard count > 0 else { return nil }
      let text = UnsafeRawBufferPointer(rebasing: buffer[..<count])
      guard var rest = text.after("se.nr_migrations") else { return nil }
      return rest.next()
    }
  }

  func close() {
    switch self {
    case .event(let descriptor), .schedFile(let descriptor): Glibc.close(descriptor)
    }
  }
}
