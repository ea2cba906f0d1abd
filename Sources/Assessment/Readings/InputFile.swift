import Glibc
import Platform

/// Files that somebody names: nothing is waited for, and no more is read than a limit.
public enum InputFile {
  /// Of UTF-8; some programs write it.
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  static func withoutMark(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    bytes.starts(with: byteOrderMark) ? bytes.dropFirst(3) : bytes
  }

  /// Opens a regular file for reading.
  /// - Throws: `AssessmentError.unreadable`, also for pipes and devices, which may have no end.
  static func open(_ path: String) throws(AssessmentError) -> Int32 {
    // Otherwise a pipe that nobody writes to is waited for.
    let file = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw .unreadable(path, reason: SystemError.describe(errno)) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(file)
      let isFolder = status.st_mode & S_IFMT == S_IFDIR
      throw .unreadable(
        path,
        reason: isFolder ? "it is a folder" : "it is a pipe or a device; write it to a file first")
    }
    return file
  }

  /// All bytes of a file that is read whole, without a byte order mark.
  /// - Parameter most: bytes; a larger file is refused.
  /// - Throws: `AssessmentError`.
  public static func bytes(_ path: String, most: Int = 16 << 20) throws(AssessmentError) -> [UInt8]
  {
    let file = try open(path)
    defer { close(file) }
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = Glibc.read(file, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(path, reason: SystemError.describe(errno)) }
      if count == 0 { return Array(withoutMark(content[...])) }
      content.append(contentsOf: chunk[..<count])
      guard content.count <= most else {
        throw .unreadable(path, reason: "it has more than \(Text.bytes(Double(most)))")
      }
    }
  }
}
