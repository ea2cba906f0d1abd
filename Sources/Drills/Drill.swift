import Dispatch
import Platform
import Synchronization
import Systems

/// A migration as a value: steps that are taken in turn, and undone from the last to the first where
/// one fails.
///
/// A step fails where its action throws, takes longer than it may, or is found without success by its
/// check. Its own rollback runs first, then that of each step before it. A step without one is a point
/// of no return: what is behind it is not undone, and the log says so. Whatever hangs, a drill ends:
/// checks and rollbacks have half a minute.
public struct Drill: Sendable {
  /// As its log calls it.
  public let name: String
  /// In the order in which they are taken.
  public let steps: [Step]

  /// Seconds that an action which is over its time gets to notice its deadline.
  static let grace = 0.25
  /// Seconds that a check may take, and a rollback, which has to succeed also where all is slow.
  var patience = 30.0

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

  /// The action, then the check.
  private func taken(_ step: Step) -> DrillLog.Outcome {
    let deadline = Deadline(in: step.timeOut)
    let done = Self.bounded(step.timeOut) {
      try step.action(deadline)
      return nil
    }
    guard done == .succeeded else { return done }
    switch Self.bounded(patience, step.check) {
    case .failed(let why): return .failed("its check: \(why)")
    case .timedOut: return .failed("its check has not ended after \(Int(patience.rounded(.up))) s")
    case let outcome: return outcome
    }
  }

  /// A part of a step on a thread of its own, so that one which hangs does not stop the drill.
  /// - Parameter body: what it finds wrong, or nil.
  private static func bounded(
    _ seconds: Double, _ body: @escaping @Sendable () throws -> String?
  ) -> DrillLog.Outcome {
    let part = DrillPart()
    let isDone = DispatchSemaphore(value: 0)
    do {
      try ServerThread(on: nil) {
        part.run(body)
        isDone.signal()
      }
    } catch { return .failed("\(error)") }
    guard isDone.wait(timeout: .now() + seconds) == .success else {
      let hasEnded = isDone.wait(timeout: .now() + grace) == .success
      return .timedOut(stillRuns: !hasEnded)
    }
    return part.outcome
  }

  private func undo(_ steps: ArraySlice<Step>, _ log: inout DrillLog) {
    for step in steps.reversed() {
      guard let rollback = step.rollback else {
        log.ending = .stranded(at: step.name, "it promises no rollback")
        return
      }
      let start = Clock.now()
      let outcome = Self.bounded(patience) {
        try rollback()
        return nil
      }
      log.add(step.name, .rollback, outcome, from: start)
      guard outcome == .succeeded else {
        log.ending = .stranded(at: step.name, "its rollback \(outcome.words)")
        return
      }
    }
    log.ending = .rolledBack
  }
}

/// What became of a part of a step, set on its thread.
private final class DrillPart: Sendable {
  private let found = Mutex(DrillLog.Outcome.succeeded)

  var outcome: DrillLog.Outcome { found.withLock { $0 } }

  func run(_ body: () throws -> String?) {
    let outcome: DrillLog.Outcome
    do { outcome = try body().map { .refused($0) } ?? .succeeded } catch is Deadline.Passed {
      outcome = .timedOut(stillRuns: false)
    } catch { outcome = .failed("\(error)") }
    found.withLock { $0 = outcome }
  }
}
