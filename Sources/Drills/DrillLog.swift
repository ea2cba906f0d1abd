import Platform

/// What a drill did, step by step, and how it ended.
public struct DrillLog: Sendable, Equatable, CustomStringConvertible {
  /// What was done of a step.
  public enum Part: String, Sendable {
    case action, rollback
  }

  /// What became of it.
  public enum Outcome: Sendable, Equatable {
    /// It was done, and the check agreed.
    case succeeded
    /// It was done, and the check said why it was no success.
    case refused(String)
    /// It threw.
    case failed(String)
    /// It took longer than it may. Where it still runs, its rollback ran beside it.
    case timedOut(stillRuns: Bool)
  }

  /// How it ended.
  public enum Ending: Sendable, Equatable {
    /// All steps succeeded.
    case completed
    /// A step did not, and everything before it is undone.
    case rolledBack
    /// A step did not, and this one could not be undone.
    case stranded(at: String, String)
  }

  /// A part of a step.
  public struct Entry: Sendable, Equatable {
    /// The step's name.
    public let step: String
    /// Whether it was taken or undone.
    public let part: Part
    /// What became of it.
    public let outcome: Outcome
    /// Nanoseconds from the drill's beginning.
    public let start: UInt64
    /// Nanoseconds that it took, its check included.
    public let duration: UInt64
  }

  /// The drill's name.
  public let drill: String
  /// In the order of time.
  public private(set) var entries: [Entry] = []
  /// How it ended.
  public internal(set) var ending = Ending.completed
  private let beginning = Clock.now()

  init(drill: String) { self.drill = drill }

  mutating func add(_ step: String, _ part: Part, _ outcome: Outcome, from start: UInt64) {
    entries.append(
      Entry(
        step: step, part: part, outcome: outcome, start: start - beginning,
        duration: Clock.now() - start))
  }

  /// Nanoseconds of all actions, or of all rollbacks.
  public func duration(of part: Part) -> UInt64 {
    entries.filter { $0.part == part }.reduce(0) { $0 + $1.duration }
  }

  /// Why it did not complete; nil where it did.
  public var failure: String? {
    switch ending {
    case .completed: nil
    case .rolledBack:
      entries.first { $0.part == .action && $0.outcome != .succeeded }
        .map { "\($0.step) \($0.outcome.words)" }
    case .stranded(let step, let reason): "\(step) can't be undone: \(reason)"
    }
  }

  /// A line for each entry, then the ending.
  public var description: String {
    let lines = entries.map { entry in
      "\(entry.start / 1_000) µs: \(entry.part == .action ? "" : "rollback of ")\(entry.step) "
        + "\(entry.outcome.words) after \(entry.duration / 1_000) µs"
    }
    return (lines + ["\(drill): \(failure ?? "completed")"]).joined(separator: "\n")
  }
}

extension DrillLog.Outcome {
  /// As it stands behind a step's name.
  var words: String {
    switch self {
    case .succeeded: "succeeded"
    case .refused(let why): "was refused by its check: \(why)"
    case .failed(let why): "failed: \(why)"
    case .timedOut(let stillRuns): stillRuns ? "timed out and still runs" : "timed out"
    }
  }
}
