import Platform

/// Why a point, or its whole experiment, has no numbers. Each is one clear line.
public enum PointFailure: Error, Equatable, Sendable {
  case worker(ChildFailure, doing: String)
  case wrongResult(variant: String, expected: String, found: String)
  /// The same variant of two builds.
  case buildsDisagree(variant: String, first: String, second: String)
  case tooShort(variant: String, nanoseconds: Double)
  case metricNotReported(name: String, variant: String)
  case metricNotPositive(name: String, variant: String, value: Double)
  /// Of what a percentile was to be taken of, in the process that observed most.
  case tooFewObservations(found: Int, needed: Int, metric: String, variant: String)
  /// Of the machine or a list of prices, that a computed outcome needs.
  case missingNumber(MissingNumber)
  /// The worker is of a perflab that this one can't talk to.
  case otherProtocol
  case refused(String)

  /// A kernel call shorter than this, in nanoseconds, drowns in the call around it.
  static let shortestCall = 900.0

  /// Whether the experiment can't go on at its other points either.
  var stopsExperiment: Bool {
    if case .wrongResult = self { true } else { false }
  }
}

extension PointFailure: CustomStringConvertible {
  /// One line for the page and the terminal.
  public var description: String {
    switch self {
    case .worker(.notStarted(let path, let errno), _):
      return "the worker \(path) did not start: errno \(errno)"
    case .worker(.exited(let code, let words), let doing):
      return "the worker ended with exit code \(code) while \(doing)\(Self.quoted(words))"
    case .worker(.killed(let signal, let words), let doing):
      return "the worker was killed by \(Self.signalName(signal)) while \(doing)"
        + Self.quoted(words)
    case .worker(.silent(let seconds, let words), let doing):
      return "the worker did not answer for \(Int(seconds)) s while \(doing), and was killed"
        + Self.quoted(words)
    case .worker(.interrupted, _): return "interrupted"
    case .wrongResult(let variant, let expected, let found):
      return "wrong result: \(variant) returned \(found), the baseline \(expected)"
    case .buildsDisagree(let variant, let first, let second):
      return "the results of the builds differ: \(variant) returned \(second), before \(first)"
    case .tooShort(let variant, let nanoseconds):
      return "one call of \(variant) takes \(Int(nanoseconds)) ns; below 1 µs the call overhead "
        + "matters; make the kernel repeat its work"
    case .metricNotReported(let name, let variant): return "\(variant) did not report \(name)"
    case .metricNotPositive(let name, let variant, let value):
      return "\(variant) reported \(name) = \(value); a ratio needs a positive value"
    case .tooFewObservations(let found, let needed, let metric, let variant):
      return "\(metric) needs \(needed) observations in each process; \(variant) had \(found)"
    case .missingNumber(let number): return number.reason
    case .otherProtocol:
      return "its worker protocol is not version \(WorkerProtocol.version), which this perflab has"
    case .refused(let text): return text
    }
  }

  static func quoted(_ words: String) -> String {
    let last = words.split(whereSeparator: \.isNewline).suffix(3).joined(separator: " / ")
    return last.isEmpty ? "; it printed nothing" : "; its last output: \(last)"
  }

  static func signalName(_ signal: Int32) -> String {
    let names: [Int32: String] = [
      4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 9: "SIGKILL",
      11: "SIGSEGV", 15: "SIGTERM",
    ]
    return names[signal] ?? "signal \(signal)"
  }
}
