import Platform

/// Two commands that are compared as whole processes, and how they are run.
public struct CommandPair: Sendable {
  /// The baseline, then the other one.
  public var commands: [Command]
  /// Run before each timed run of the first and of the second command, untimed; nil for nothing.
  public var prepare: [Command?]
  /// Processors that they may use; those of this process where empty.
  public var cpus: [Int]
  /// Whether what they write to standard output is compared; else it goes to `/dev/null`.
  public var comparesOutput: Bool
  /// Whether an exit code other than 0 is no failure.
  public var toleratesFailure: Bool

  /// By default without preparation; output is compared and a failure ends the comparison.
  public init(
    _ first: Command, _ second: Command, prepare: [Command?] = [nil, nil], cpus: [Int] = [],
    comparesOutput: Bool = true, toleratesFailure: Bool = false
  ) {
    commands = [first, second]
    self.prepare = prepare
    self.cpus = cpus
    self.comparesOutput = comparesOutput
    self.toleratesFailure = toleratesFailure
  }

  /// What their outputs have to do with each other.
  public enum Outputs: Sendable, Equatable {
    case same(bytes: Int)
    /// Both always write the same, and not what the other one writes.
    case different(bytes: [Int])
    /// What a command writes changes from run to run; the index of the first that does so.
    case unsteady(side: Int)
    case notCompared
  }

  /// One run of one side, prepared first.
  func run(_ side: Int) throws(CommandFailure) -> Command.Run {
    if let prepare = prepare[side] {
      let (run, words) = try Self.attempt(prepare, side, cpus: cpus, keeps: true)
      if run.ending != .exited(code: 0) {
        throw CommandFailure(side: side, isPreparation: true, cause: .ended(run.ending, words))
      }
    }
    let (run, words) = try Self.attempt(
      commands[side], side, cpus: cpus, keeps: comparesOutput)
    if run.ending != .exited(code: 0), !toleratesFailure {
      throw CommandFailure(side: side, isPreparation: false, cause: .ended(run.ending, words))
    }
    return run
  }

  private static func attempt(
    _ command: Command, _ side: Int, cpus: [Int], keeps: Bool
  ) throws(CommandFailure) -> (run: Command.Run, lastWords: String) {
    do throws(Command.Failure) { return try command.run(cpus: cpus, keeps: keeps) } catch {
      throw CommandFailure(side: side, isPreparation: false, cause: .start(error))
    }
  }
}

/// Why a command gave no time.
public struct CommandFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// Index of the command.
  public let side: Int
  /// Whether it was the preparation that failed.
  public let isPreparation: Bool
  /// What happened.
  public let cause: Cause

  /// What happened to a command.
  public enum Cause: Sendable, Equatable {
    case start(Command.Failure)
    case ended(Command.Ending, String)
  }

  /// Whether a signal to this process ended it.
  public var isInterrupt: Bool { cause == .start(.interrupted) }

  /// One line, with the command's last words.
  public var description: String {
    let which = (side == 0 ? "the first command" : "the second command")
    let subject = isPreparation ? "the preparation of \(which)" : which
    switch cause {
    case .start(.interrupted): return "interrupted"
    case .start(.notFound(let program)): return "\(subject): there is no program '\(program)'"
    case .start(.notStarted(let program, let errno)):
      return "\(subject): '\(program)' can't be run: \(SystemError.describe(errno))"
    case .start(.noInput(let path, let errno)):
      return "\(subject): its input \(path) can't be read: \(SystemError.describe(errno))"
    case .ended(.exited(let code), let words):
      return "\(subject) ended with exit code \(code)\(PointFailure.quoted(words))"
    case .ended(.killed(let signal), let words):
      return "\(subject) was killed by \(PointFailure.signalName(signal))"
        + PointFailure.quoted(words)
    }
  }
}
