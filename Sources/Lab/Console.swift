import Glibc
import SystemPackage

/// The terminal: results on standard output, the rest on standard error.
enum Console {
  /// Whether standard error is a terminal, so that a progress line may be redrawn.
  static let errorIsTerminal =
    isatty(2) == 1 && getenv("TERM").map { String(cString: $0) } != "dumb"

  /// Whether standard output may be coloured: a terminal, and `NO_COLOR` not set.
  /// Source: no-color.org.
  static var colour: Bool {
    let refused = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
    return isatty(1) == 1 && !refused && getenv("TERM").map { String(cString: $0) } != "dumb"
  }

  /// Columns of the terminal behind a descriptor; unlimited if it is not a terminal, so that output
  /// to a pipe is not cut.
  static func width(of descriptor: Int32 = 1) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return .max }
    return Int(size.ws_col)
  }

  static func error(_ text: String, labelled: Bool = true) {
    _ = written((labelled ? "\(Lab.program): " : "") + text + "\n", to: 2)
  }

  /// Replaces the status line; writes nothing if standard error is not a terminal.
  static func status(_ text: String) {
    if errorIsTerminal { _ = written(startOfLine + text, to: 2) }
  }

  /// Clears the status line.
  static func clearStatus() { status("") }

  /// Returns to the beginning of the line and erases it.
  private static let startOfLine = "\r\u{1b}[K"

  static func note(_ text: String) { _ = written(text + "\n", to: 2) }

  /// What a command was asked for, on standard output. A reader that has closed the pipe has had
  /// enough: the process ends by the signal, quietly, as other tools do.
  /// - Throws: `LabError.unwritable` where the output is lost: a full disk, say.
  static func result(_ text: String) throws(LabError) {
    guard let error = written(text, to: 1) else { return }
    if error == .brokenPipe {
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
    throw .unwritable(path: "standard output", reason: "\(error)")
  }

  /// The same with the end of the line.
  static func line(_ text: String) throws(LabError) { try result(text + "\n") }

  /// - Returns: what kept it from being written whole.
  private static func written(_ text: String, to descriptor: Int32) -> Errno? {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return Errno(rawValue: errno) }
      bytes = bytes.dropFirst(count)
    }
    return nil
  }
}
