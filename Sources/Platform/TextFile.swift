import Glibc

/// A small file of `/proc` or `/sys`, read whole.
public enum TextFile {
  /// The bytes, or the errno of what went wrong.
  public static func bytes(_ path: String) -> Result<[UInt8], SystemError> {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(SystemError(call: "open \(path)", errno: errno)) }
    defer { close(descriptor) }
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        return .failure(SystemError(call: "read \(path)", errno: errno))
      }
      if count == 0 { return .success(content) }
      content.append(contentsOf: chunk[..<count])
    }
  }

  /// The text without white space around it; nil where the file can't be read.
  static func text(_ path: String) -> String? {
    guard case .success(let content) = bytes(path) else { return nil }
    return trimmed(String(decoding: content, as: UTF8.self)[...])
  }

  static func trimmed(_ text: Substring) -> String {
    var rest = text
    while let first = rest.first, first.isWhitespace || first == "\0" { rest.removeFirst() }
    while let last = rest.last, last.isWhitespace || last == "\0" { rest.removeLast() }
    return String(rest)
  }
}

/// A system call that failed.
public struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The call and its operand: `open /proc/stat`.
  public let call: String
  /// The error number that it set.
  public let errno: Int32

  /// An error of a call that set `errno`.
  public init(call: String, errno: Int32) {
    self.call = call
    self.errno = errno
  }

  /// What the errno means, as the C library words it: `Permission denied`.
  public var reason: String { Self.describe(errno) }

  /// `open /proc/stat: Permission denied`.
  public var description: String { "\(call): \(reason)" }

  /// The C library's words for an errno.
  public static func describe(_ errno: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
      // SAFETY: the GNU or XSI function writes a terminated string of at most `count` bytes;
      // which of the two Glibc's module exports differs, so the buffer is filled beforehand.
      buffer.initialize(repeating: 0)
      guard let base = buffer.baseAddress else { return "errno \(errno)" }
      guard strerror_r(errno, base, buffer.count) == 0 else { return "errno \(errno)" }
      return String(cString: base)
    }
  }
}
