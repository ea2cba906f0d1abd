import Dispatch
import Platform
import Synchronization
import Systems

/// A migration as a value: steps that are taken in turn, and undone from the last to the first where
/// one fails.
///
/// A step fails where its action throws, takes longer than it may, or is found without success by its
/// check. Its own rollback runs first, then that of each step before it. A step without one is a point
/// of no return: what is behind it is not undone, and the log says so.
public struct Drill: Sendable {
  /// As its log calls it.
  public let name: String
  /// In the order in which they are taken.
  public let steps: [Step]

  /// Seconds that an action which is over its time gets to notice its deadline.
  static let grace = 0.25

  /// - Parameter steps: with names of their own.
  public init(_ name: String, _ steps: [Step]) {
    precondition(Set(steps.map(\.name)).count == steps.count, "\(name): two steps of one name")
    self.name = name
    self.steps = steps
  }

  /// Takes all steps.
  public func run() -> DrillLog { run(failingAt: nil) }

  /// Takes the steps up to one, has that fail when it has succeeded, and so rehearses its rollback
  /// and those of the steps before it.
  /// - Parameter step: the name of one.
  public func rehearseRollback(of step: String) -> DrillLog {
    precondition(steps.contains { $0.name == step }, "\(name) has no step \(step)")
    return run(failingAt: step)
  }

  private func run(failingAt rehearsed: String?) -> DrillLog {
    var log = DrillLog(drill: name)
    for (index, step) in steps.enumerated() {
      let start = Clock.now()
      var outcome = taken(step)
      if outcome == .succeeded, step.name == rehearsed { outcome = .failed("rehearsal") }
      log.add(step.name, .action, outcome, from: start)
      guard outcome == .succeeded else {
        undo(steps[...index], &log)
        return log
      }
    }
    log.ending = .completed
    return log
  }

  /// The action on a thread of its own, so that one which hangs does not stop the drill.
  private func taken(_ step: Step) -> DrillLog.Outcome {
    let deadline = Deadline(in: step.timeOut)
    let failure = Failure()
    let isDone = DispatchSemaphore(value: 0)
    do {
      try ServerThread(on: nil) {
        do { try step.action(deadline) } catch { failure.set(error) }
        isDone.signal()
      }
    } catch { return .failed("\(error)") }
    guard isDone.wait(timeout: .now() + step.timeOut) == .success else {
      let hasEnded = isDone.wait(timeout: .now() + Self.grace) == .success
      return .timedOut(stillRuns: !hasEnded)
    }
    if failure.isOfTime { return .timedOut(stillRuns: false) }
    if let words = failure.words { return .failed(words) }
    do { return try step.check().map { .refused($0) } ?? .succeeded } catch {
      return .failed("its check: \(error)")
    }
  }

  private func undo(_ steps: ArraySlice<Step>, _ log: inout DrillLog) {
    for step in steps.reversed() {
      guard let rollback = step.rollback else {
        log.ending = .stranded(at: step.name, "it promises no rollback")
        return
      }
      let start = Clock.now()
      do {
        try rollback()
        log.add(step.name, .rollback, .succeeded, from: start)
      } catch {
        log.add(step.name, .rollback, .failed("\(error)"), from: start)
        log.ending = .stranded(at: step.name, "its rollback failed: \(error)")
        return
      }
    }
    log.ending = .rolledBack
  }
}

/// What an action has thrown, set on its thread.
private final class Failure: Sendable {
  private struct State: Sendable {
    var words: String?
    var isOfTime = false
  }

  private let state = Mutex(State())

  var words: String? { state.withLock { $0.words } }
  var isOfTime: Bool { state.withLock { $0.isOfTime } }

  func set(_ error: any Error) {
    let words = "\(error)"
    let isOfTime = error is Deadline.Passed
    state.withLock { $0 = State(words: words, isOfTime: isOfTime) }
  }
}
