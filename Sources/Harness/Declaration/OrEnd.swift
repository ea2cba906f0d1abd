import Glibc

/// What a kernel returns, in which nothing may fail: an error ends the worker, whose last output is the
/// reason. The harness shows it in the experiment's line.
@discardableResult
public func orEnd<Answer>(_ body: () throws -> Answer) -> Answer {
  do { return try body() } catch {
    let reason = Array("\(error)\n".utf8)
    _ = write(STDERR_FILENO, reason, reason.count)
    _exit(EXIT_FAILURE)
  }
}
