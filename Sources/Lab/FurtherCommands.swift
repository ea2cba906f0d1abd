import ArgumentParser

/// For commands that a `main` adds to the laboratory's own.
extension Lab {
  /// One line, or several, on standard output.
  /// - Throws: where the output is lost: a full disk, say.
  public static func line(_ text: String) throws {
    try Console.line(text)
  }

  /// One line on standard error.
  public static func note(_ text: String) { Console.note(text) }
}

/// Why a command failed, in one line.
public struct CommandFailed: Error, Equatable, Sendable {
  /// What went wrong, where, and what to type next; without the program's name.
  public let reason: String
  /// Of the process: 64 for wrong usage, 128 and a signal's number after a signal, otherwise 1.
  public let exitCode: Int32

  /// - Parameters:
  ///   - reason: empty where nothing is to be written.
  ///   - exitCode: of the process.
  public init(_ reason: String, exitCode: Int32 = 1) {
    self.reason = reason
    self.exitCode = exitCode
  }
}
