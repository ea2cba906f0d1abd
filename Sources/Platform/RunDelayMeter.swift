import Glibc

/// Reads how long the thread that made it could have run but waited for a processor.
///
/// The file stays bound to the thread that opens it, so that another thread may read it: one that
/// waits for a team sees the delays of each member. One reader at a time.
/// Source: `/proc/thread-self/schedstat`.
public final class RunDelayMeter: @unchecked Sendable {
  // SAFETY (@unchecked): the descriptor never changes, and `pread` keeps no position.

  /// Why there is no reading; nil where there is.
  public let unavailable: String?
  private let descriptor: Int32?

  /// Opens the account of the calling thread.
  ///
  /// A kernel built without `SCHED_INFO` does not have it; one with delay accounting switched off
  /// fills it with zeros (`fs/proc/base.c`, `proc_pid_schedstat`), which must not be taken for "no
  /// delay".
  public init() {
    let path = "/proc/thread-self/schedstat"
    let opened = Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard opened >= 0 else {
      unavailable = SystemError(call: "open \(path)", errno: errno).description
      descriptor = nil
      return
    }
    let first = Self.read(opened)
    if let first, first.slices > 0 {
      unavailable = nil
      descriptor = opened
      return
    }
    close(opened)
    descriptor = nil
    unavailable =
      first == nil
      ? "\(path) can't be read as three numbers"
      : "the kernel does not record run delay: \(path) is all zeros"
  }

  deinit {
    if let descriptor { close(descriptor) }
  }

  /// Nanoseconds up to now; nil where the kernel does not say.
  public func read() -> UInt64? { descriptor.flatMap { Self.read($0)?.delay } }

  private static func read(_ descriptor: Int32) -> (delay: UInt64, slices: UInt64)? {
    withUnsafeTemporaryAllocation(byteCount: 256, alignment: 16) { buffer in
      let count = pread(descriptor, buffer.baseAddress, buffer.count, 0)
      guard count > 0 else { return nil }
      var numbers = DecimalScanner(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      guard numbers.next() != nil, let delay = numbers.next(), let slices = numbers.next() else {
        return nil
      }
      return (delay, slices)
    }
  }
}
