import Glibc
import Platform

/// The lines of a file of any length, through a buffer of fixed size.
enum FileLines {
  /// Bytes of a line that are kept: longer ones are cut off there.
  static let longest = 64 << 20
  private static let chunk = 1 << 20

  /// Hands over each line without its end (a line feed, also behind a carriage return), the first
  /// without a byte order mark. The bytes are valid during the call.
  /// - Parameter body: returns whether to go on.
  /// - Throws: `SystemError`, `AssessmentError`.
  static func each(
    _ path: String, _ body: (UnsafeRawBufferPointer) throws -> Bool
  ) throws {
    let file = try InputFile.open(path)
    defer { close(file) }
    var isFirst = true
    func hand(_ line: UnsafeRawBufferPointer) throws -> Bool {
      let start = isFirst && line.starts(with: InputFile.byteOrderMark) ? 3 : 0
      isFirst = false
      let end = line.last == 13 ? line.count - 1 : line.count
      return try body(UnsafeRawBufferPointer(rebasing: line[start..<max(start, end)]))
    }
    var room = chunk
    var buffer = UnsafeMutableRawPointer.allocate(byteCount: room, alignment: 16)
    defer { buffer.deallocate() }
    var filled = 0
    while true {
      if filled == room {
        // A line that is longer than the buffer.
        guard room < longest else { throw AssessmentError.longLine(path) }
        let larger = UnsafeMutableRawPointer.allocate(byteCount: 2 * room, alignment: 16)
        larger.copyMemory(from: buffer, byteCount: filled)
        buffer.deallocate()
        (buffer, room) = (larger, 2 * room)
      }
      let count = Glibc.read(file, buffer + filled, room - filled)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw SystemError(call: "read \(path)", errno: errno) }
      let isEnd = count == 0
      filled += max(0, count)
      var start = 0
      // SAFETY: `memchr` looks at the filled part of the buffer only.
      while start < filled, let end = memchr(buffer + start, 10, filled - start) {
        let stop = UnsafeRawPointer(end) - UnsafeRawPointer(buffer)
        if try !hand(UnsafeRawBufferPointer(start: buffer + start, count: stop - start)) { return }
        start = stop + 1
      }
      if isEnd {
        if start < filled {
          _ = try hand(UnsafeRawBufferPointer(start: buffer + start, count: filled - start))
        }
        return
      }
      if start > 0 {
        buffer.copyMemory(from: buffer + start, byteCount: filled - start)
        filled -= start
      }
    }
  }

  /// The first bytes of a file of text, to see what it is.
  /// - Throws: `SystemError`, `AssessmentError` for what is no text in UTF-8.
  static func head(_ path: String, bytes: Int = 64 << 10) throws -> [UInt8] {
    let file = try InputFile.open(path)
    defer { close(file) }
    var content = [UInt8](repeating: 0, count: bytes)
    let count = Glibc.read(file, &content, bytes)
    guard count >= 0 else { throw SystemError(call: "read \(path)", errno: errno) }
    let head = content[..<count]
    guard !head.isEmpty else { throw AssessmentError.empty(path) }
    if head.starts(with: [0x1F, 0x8B]) {
      throw AssessmentError.unreadable(path, reason: "it is compressed; unpack it with gunzip")
    }
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
      throw AssessmentError.unreadable(path, reason: "it is UTF-16; write it again as UTF-8")
    }
    if head.contains(13), !head.contains(10) {
      throw AssessmentError.unreadable(
        path, reason: "its lines end in carriage returns; write it again with line feeds")
    }
    guard !head.contains(0) else { throw AssessmentError.binary(path) }
    return Array(InputFile.withoutMark(head))
  }
}

/// What went wrong with a file, in one line.
public enum AssessmentError: Error, Equatable, Sendable, CustomStringConvertible {
  case unreadable(String, reason: String)
  case longLine(String)
  case empty(String)
  case binary(String)
  case unknownFormat(String)
  case mixedDecimals(String)
  case damaged(String, line: Int, reason: String)
  case refused(String)

  /// What, where, and what to do.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path) can't be read: \(reason)"
    case .longLine(let path): "\(path) has a line of more than 64 MiB"
    case .empty(let path): "\(path) is empty"
    case .binary(let path):
      "\(path) is binary; give text: CSV, or what a tool prints (sadf -j, perf script)"
    case .unknownFormat(let path): "\(path) has no format that perflab knows"
    case .mixedDecimals(let path):
      "\(path) has decimal commas and decimal points; write it again with LC_ALL=C"
    case .damaged(let path, let line, let reason): "\(path):\(line): \(reason)"
    case .refused(let reason): reason
    }
  }
}
