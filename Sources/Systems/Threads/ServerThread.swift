import CPerflab
import Glibc
import Platform

/// A thread of one server, on a processor of its own choice.
///
/// Unless it is to be joined it ends when its server's sockets do, or with the process.
public struct ServerThread: Sendable {
  private let thread: pthread_t

  /// Starts it, and returns when it runs where it should.
  /// - Parameters:
  ///   - cpu: where it stays; nil for wherever the caller may run.
  ///   - stackBytes: at least `PTHREAD_STACK_MIN`; nil for the system's default.
  ///   - isJoined: whether `join` will be called; only then may the thread be asked something.
  ///   - body: must end by itself.
  /// - Throws: where there is no thread, or the processor may not be used.
  @discardableResult
  public init(
    on cpu: Int?, stackBytes: Int? = nil, isJoined: Bool = false,
    body: @escaping @Sendable () -> Void
  ) throws(SystemError) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    if !isJoined { pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED)) }
    if let stackBytes { pthread_attr_setstacksize(&attributes, stackBytes) }
    var mask: [Int]?
    if let cpu {
      // A thread inherits where it may run: it is right from its first instruction on.
      do {
        mask = try Affinity.allowed()
        try Affinity.restrict(to: [cpu])
      } catch { throw SystemError(call: "processor \(cpu)", errno: EINVAL) }
    }
    defer { if let mask { try? Affinity.restrict(to: mask) } }
    var thread = pthread_t()
    let start = Unmanaged.passRetained(Start(body))
    let error = pthread_create(
      &thread, &attributes,
      { argument in
        Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue().body()
        return nil
      }, start.toOpaque())
    guard error == 0 else {
      start.release()
      throw SystemError(call: "pthread_create", errno: error)
    }
    self.thread = thread
  }

  /// Has the calling thread wake up from sleeps as exactly as the kernel can, not at a time that suits
  /// the kernel.
  public static func sleepExactly() { perflab_sleep_exactly() }

  /// Waits for its end.
  public func join() { pthread_join(thread, nil) }

  /// Processor time that it has taken, in nanoseconds.
  public var busyNanoseconds: Int {
    var clock = clockid_t()
    var time = timespec()
    guard pthread_getcpuclockid(thread, &clock) == 0, clock_gettime(clock, &time) == 0 else {
      return 0
    }
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  private final class Start {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
}
