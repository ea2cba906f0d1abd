import CPerflab
import Glibc

/// A disk of a few megabytes that really is full when it is full (`ENOSPC`): a file system in
/// memory that only this process sees. For a process with a single thread, such as a `ProcessCopy`,
/// and gone with it.
public final class SmallDisk {
  private let path: String
  private var filler: String { "\(path)/filler" }

  /// Mounts it.
  /// - Parameter path: a folder, which is hidden from this process from then on.
  /// - Throws: `SystemError` where the kernel lets ordinary users mount nothing.
  public init(at path: String, bytes: Int) throws(SystemError) {
    let error = perflab_small_disk(path, Int64(bytes))
    guard error == 0 else { throw SystemError(call: "mount a small disk at \(path)", errno: error) }
    self.path = path
  }

  /// Has somebody else's file take all of the room that is left.
  public func fill() throws(SystemError) {
    let file = open(filler, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw SystemError(call: "open \(filler)", errno: errno) }
    defer { close(file) }
    let page = [UInt8](repeating: 1, count: 4_096)
    while write(file, page, page.count) > 0 {}
  }

  /// Removes that file.
  public func makeRoom() { unlink(filler) }
}
