import CPerflab
import Glibc

/// A command that is run as a whole process, from its start to its end.
public struct Command: Sendable, Equatable {
  /// The program, which is looked for in `PATH`, and its arguments; at least one.
  public var arguments: [String]
  /// A file that it reads as standard input; nil for none.
  public var input: String?

  /// A command of at least one word.
  public init(_ arguments: [String], input: String? = nil) {
    precondition(!arguments.isEmpty, "a command has at least its program")
    self.arguments = arguments
    self.input = input
  }

  /// What one run of it took and gave.
  public struct Run: Sendable, Equatable {
    /// From before its start until it had ended.
    public var nanoseconds: Double
    /// Of it and of those of its children that it waited for.
    public var userNanoseconds: Double
    /// The same, in the kernel.
    public var systemNanoseconds: Double
    /// The largest resident set of any of its processes. See `Command.memoryFloor`.
    public var peakBytes: Double
    /// How it ended.
    public var ending: Ending
    /// What it wrote to standard output; nil where that was not kept.
    public var output: OutputDigest?
  }

  /// How a process ended.
  public enum Ending: Sendable, Hashable {
    case exited(code: Int32)
    case killed(signal: Int32)
  }

  /// What was written, as far as two outputs can be compared by it.
  public struct OutputDigest: Sendable, Hashable {
    /// Bytes written.
    public var bytes: Int
    /// See `ByteDigest`.
    public var hash: UInt64
  }

  /// Why there is no run.
  public enum Failure: Error, Sendable, Equatable {
    case notFound(program: String)
    case notStarted(program: String, errno: Int32)
    case noInput(path: String, errno: Int32)
    /// SIGINT or SIGTERM reached this process.
    case interrupted
  }

  /// Runs it once.
  /// - Parameters:
  ///   - cpus: processors that it may use; those of the calling thread where empty.
  ///   - keeps: whether its output is read; else it goes to `/dev/null`.
  /// - Returns: what it took, and the end of what it wrote to standard error, or where that is
  ///   nothing to standard output; at most 2 KiB.
  public func run(
    cpus: [Int] = [], keeps: Bool = true
  ) throws(Failure) -> (run: Run, lastWords: String) {
    try run(cpus: cpus, keeps: keeps) { run, written in
      let words = written.errors.end(bytes: 2_048)
      return (run, words.isEmpty && keeps ? written.output.end(bytes: 2_048) : words)
    }
  }

  /// Runs it once and returns what it wrote, at most a megabyte of each, from the end.
  public func outputs() throws(Failure) -> (ending: Ending, output: String, errors: String) {
    try run(cpus: [], keeps: true) { run, written in
      (
        run.ending, written.output.end(bytes: CommandOutput.kept),
        written.errors.end(bytes: CommandOutput.kept)
      )
    }
  }

  private struct Written {
    var output: CommandOutput
    var errors: CommandOutput

    /// Takes what there is, but returns in time to see whether the command has ended.
    mutating func take(from group: pid_t) {
      var isHeldBack = false
      for _ in 0..<64 {
        if !isHeldBack, output.isBehind || errors.isBehind {
          isHeldBack = kill(-group, SIGSTOP) == 0
        }
        let took = (output.take(), errors.take())
        if took == (false, false) { break }
      }
      if isHeldBack { kill(-group, SIGCONT) }
    }
  }

  private func run<Result>(
    cpus: [Int], keeps: Bool, _ result: (Run, Written) -> Result
  ) throws(Failure) -> Result {
    let input = open(self.input ?? "/dev/null", O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { throw .noInput(path: self.input ?? "/dev/null", errno: errno) }
    var written = Written(
      output: CommandOutput(isKept: keeps), errors: CommandOutput(isKept: true))
    let (output, errors) = (written.output.descriptor, written.errors.descriptor)
    defer { for descriptor in [input, output, errors] { close(descriptor) } }
    var argv = arguments.map { strdup($0) } + [nil]
    defer { for text in argv { free(text) } }
    var mask = [UInt8](repeating: 0, count: Int(PERFLAB_CPU_LIMIT))
    for cpu in cpus where mask.indices.contains(cpu) { mask[cpu] = 1 }
    var usage = perflab_command_usage()
    let error = withUnsafeMutablePointer(to: &written) { written in
      perflab_run_command(
        &argv, environ, input, output, errors, cpus.isEmpty ? nil : mask,
        { $0?.assumingMemoryBound(to: Written.self).pointee.take(from: $1) }, written, &usage)
    }
    switch error {
    case 0: break
    case EINTR: throw .interrupted
    case ENOENT: throw .notFound(program: arguments[0])
    default: throw .notStarted(program: arguments[0], errno: error)
    }
    let signal = usage.status & 0x7f
    let run = Run(
      nanoseconds: Double(usage.wall_ns), userNanoseconds: Double(usage.user_ns),
      systemNanoseconds: Double(usage.system_ns), peakBytes: Double(usage.peak_bytes),
      ending: signal == 0 ? .exited(code: (usage.status >> 8) & 0xff) : .killed(signal: signal),
      output: keeps ? written.output.digest() : nil)
    return result(run, written)
  }

  /// What the kernel counts as the peak of even the smallest command: a child begins with a copy of
  /// this process's own memory. A peak up to this says nothing of the command. Nil where it can't
  /// be measured.
  public static func memoryFloor() -> Double? {
    (try? Command(["true"]).run(keeps: false))?.run.peakBytes
  }
}
