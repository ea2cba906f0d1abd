import CPerflab
import Glibc

/// A nameless file in memory for what a child process writes to its standard output and error.
public final class OutputFile: Sendable {
  /// Close-on-exec; -1 where there are no descriptors left.
  public let descriptor: Int32

  /// An empty one.
  public init() { descriptor = perflab_memory_file("perflab-output") }

  deinit { close(descriptor) }

  /// The end of what was written, at most 2 KiB.
  public var lastWords: String {
    let size = lseek(descriptor, 0, SEEK_END)
    let start = max(0, size - 2_048)
    var bytes = [UInt8](repeating: 0, count: Int(max(0, size - start)))
    let count = pread(descriptor, &bytes, bytes.count, start)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }
}
