import Platform

/// Why a file could not be read or written as asked.
public enum DiskError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A call that the kernel refused: no space, a read-only folder, no direct I/O.
  case system(SystemError)
  /// Fewer bytes than asked for, though the file should have them.
  case short(path: String, offset: Int, wanted: Int, got: Int)
  /// The kernel gives no io_uring, or not so large a one.
  case noRing(SystemError)

  /// In one line.
  public var description: String {
    switch self {
    case .system(let error): "\(error)"
    case .short(let path, let offset, let wanted, let got):
      "\(path): \(got) of \(wanted) bytes at \(offset)"
    case .noRing(let error): "no io_uring: \(error)"
    }
  }

  /// The error of a call that has just set `errno`.
  static func last(_ call: String, _ number: Int32) -> DiskError {
    .system(SystemError(call: call, errno: number))
  }
}
