/// Why a service can't be used. Each is one line, with the end of what the program wrote.
public enum ServiceError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The program or its folder could not be made.
  case notStarted(String, reason: String)
  /// It ended by itself.
  case ended(String, how: String, log: String)
  /// It runs, and does not answer as it should; killed after so many seconds.
  case notReady(String, seconds: Double, reason: String, log: String)

  /// One line.
  public var description: String {
    switch self {
    case .notStarted(let name, let reason): "\(name) did not start: \(reason)"
    case .ended(let name, let how, let log): "\(name) \(how)\(Self.quoted(log))"
    case .notReady(let name, let seconds, let reason, let log):
      "\(name) was not ready after \(Int(seconds.rounded())) s: \(reason)\(Self.quoted(log))"
    }
  }

  private static func quoted(_ log: String) -> String {
    let last = log.split(whereSeparator: \.isNewline).suffix(3).joined(separator: " / ")
    return last.isEmpty ? "; it wrote nothing" : "; it wrote: \(last)"
  }
}
