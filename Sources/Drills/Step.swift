import Platform

/// One step of a drill: what is done, how its success is checked, how it is undone, and how long it
/// may take.
///
///     Step("write to both", within: 2) { deadline in
///       try store.writeToBoth(until: deadline)
///     } check: {
///       store.isBehind ? "the copy is behind" : nil
///     } rollback: {
///       store.writeToOne()
///     }
public struct Step: Sendable {
  /// Unique in its drill.
  public let name: String
  /// Seconds that the action may take.
  public let timeOut: Double
  let action: @Sendable (Deadline) throws -> Void
  let check: @Sendable () throws -> String?
  let rollback: (@Sendable () throws -> Void)?

  /// - Parameters:
  ///   - timeOut: seconds of the action, which runs on a thread of its own.
  ///   - action: looks at its deadline where it takes long: nothing ends it from outside.
  ///   - check: why the step has not succeeded; nil where it has.
  ///   - rollback: undoes the action, also one that failed halfway; nil for a point of no return.
  public init(
    _ name: String, within timeOut: Double,
    action: @escaping @Sendable (Deadline) throws -> Void,
    check: @escaping @Sendable () throws -> String? = { nil },
    rollback: (@Sendable () throws -> Void)? = nil
  ) {
    self.name = name
    self.timeOut = timeOut
    self.action = action
    self.check = check
    self.rollback = rollback
  }

  /// Whether it can be undone.
  public var isReversible: Bool { rollback != nil }
}

/// Until when an action may go on.
public struct Deadline: Sendable {
  /// By `Clock`.
  public let time: UInt64

  /// - Parameter seconds: from now.
  public init(in seconds: Double) { time = Clock.now() + UInt64(max(0, seconds) * 1e9) }

  /// Whether it is reached.
  public var isOver: Bool { Clock.now() >= time }

  /// For loops of actions: ends them when it is reached.
  /// - Throws: `Passed`.
  public func check() throws(Passed) { if isOver { throw Passed() } }

  /// An action has seen its deadline pass.
  public struct Passed: Error, Equatable {}
}
