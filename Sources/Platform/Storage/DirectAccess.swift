import CPerflab
import Glibc

/// Whether what is written and read in scratch folders can reach a device past the page cache.
public enum DirectAccess {
  /// Why experiments on a device can't be run there, with what to do; nil where they can.
  /// - Parameter bytes: that must be free.
  public static func refusal(bytes: Int, in base: String = ScratchFolder.base) -> String? {
    do throws(ScratchError) {
      let system = try ScratchFolder.room(for: bytes, in: base)
      guard let reason = reason(system, in: base) else { return nil }
      return "needs a disk, and \(base) \(reason); --scratch names another folder"
    } catch { return "\(error)" }
  }

  private static func reason(_ system: FileSystem, in base: String) -> String? {
    if system.isInMemory { return "lies in memory (\(system.kind))" }
    if system.kind == "overlay" { return "lies in layers (overlay)" }
    switch times(in: base) {
    case .failure(let error):
      return "has no direct I/O (\(system.text): \(error.reason))"
    case .success(let times):
      // A copy from the page cache and a system call: whatever comes from a device takes longer.
      return times.direct < 2 * times.cached
        ? "answers direct reads from a cache of its own (\(system.text))" : nil
    }
  }

  /// Nanoseconds of the fastest of some reads of a block of 4 KiB.
  struct Times: Equatable {
    var direct: UInt64
    var cached: UInt64
  }

  /// Tries it with a file that is removed at once.
  private static func times(in base: String) -> Result<Times, SystemError> {
    var path = Array("\(base)/perflab-direct-XXXXXX".utf8CString)
    let cached = mkstemp(&path)
    func last(_ call: String) -> Result<Times, SystemError> {
      .failure(SystemError(call: call, errno: errno))
    }
    guard cached >= 0 else { return last("mkstemp") }
    defer { close(cached) }
    let direct = open(path, O_RDWR | O_CLOEXEC | Int32(PERFLAB_O_DIRECT))
    let refused = errno
    unlink(path)
    guard direct >= 0 else { return .failure(SystemError(call: "open", errno: refused)) }
    defer { close(direct) }
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 4096)
    defer { buffer.deallocate() }
    memset(buffer, 1, 4096)
    guard pwrite(direct, buffer, 4096, 0) == 4096 else { return last("write") }
    guard let own = fastest(direct, buffer), let kept = fastest(cached, buffer) else {
      return last("read")
    }
    return .success(Times(direct: own, cached: kept))
  }

  private static func fastest(_ file: Int32, _ buffer: UnsafeMutableRawPointer) -> UInt64? {
    var fastest = UInt64.max
    for _ in 0..<16 {
      let start = Clock.now()
      guard pread(file, buffer, 4096, 0) == 4096 else { return nil }
      fastest = min(fastest, Clock.now() - start)
    }
    return fastest
  }
}

/// Whether programs may use io_uring.
public enum RingAccess {
  /// Why not, in one line; nil where they may.
  public static var refusal: String? {
    let error = perflab_try_uring()
    guard error != 0 else { return nil }
    let reason = SystemError(call: "io_uring_setup", errno: error)
    return error == EPERM || error == EACCES
      ? "\(reason) (a container's seccomp profile, or sysctl kernel.io_uring_disabled)"
      : "\(reason)"
  }
}
