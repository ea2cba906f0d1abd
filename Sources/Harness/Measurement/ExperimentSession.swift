import Results

/// An experiment on its way: its predictions, and what has been measured of each point so far.
///
/// A value that can be continued: `measure` takes one of the passes, and other experiments may be
/// measured between two of them.
public struct ExperimentSession {
  /// What it is about.
  public let experiment: Experiment
  /// The reason of one that is pending.
  static let predicted = "predicted; not measured yet"

  /// With the figures that there are so far.
  public internal(set) var result: ExperimentResult
  let orchestrator: Orchestrator
  /// The points with their predictions alone.
  let pending: [PointResult]
  /// Whether variants were found to differ in what they compute. What was measured of them before is
  /// worth nothing now.
  public private(set) var hasWrongResult = false
  /// By the point's index; those that are simulated or measured and have not failed.
  var sessions: [Int: any PointSession] = [:]

  init(_ experiment: Experiment, _ result: ExperimentResult, orchestrator: Orchestrator) {
    self.experiment = experiment
    self.result = result
    self.orchestrator = orchestrator
    pending = result.points
  }

  /// Whether all of its points have been through a pass; false where nothing was measured.
  public func hasTaken(_ pass: Pass) -> Bool { !sessions.isEmpty && pointsLeft(in: pass) == 0 }

  /// Points that have not been through a pass and still have to.
  public func pointsLeft(in pass: Pass) -> Int {
    result.points.indices.count { isOpen($0, for: pass) }
  }

  /// Points with their raw samples.
  public var measured: [(point: PointResult, records: [ProcessRecord])] {
    sessions.sorted { $0.key < $1.key }.filter { !$0.value.records.isEmpty }
      .map { (result.points[$0.key], $0.value.records) }
  }

  /// Measures of each point what is due at the end of a pass.
  /// - Returns: false if it was interrupted. Points of which nothing was measured are then still
  ///   `pending`, and the others keep what they have.
  public mutating func measure(
    _ pass: Pass, onEvent: (Orchestrator.Event) throws -> Void
  ) throws -> Bool {
    for index in result.points.indices where isOpen(index, for: pass) {
      try onEvent(.started(result.points[index].parameter))
      switch advance(index, pass) {
      case .interrupted:
        conclude()
        return false
      case .stopped:
        stop(at: index)
        return true
      case .advanced:
        try onEvent(.measured(result.points[index], sessions[index]?.records ?? []))
      }
    }
    conclude()
    return true
  }

  /// After a wrong result no point goes on: what is unfinished of the others is not kept.
  private mutating func stop(at index: Int) {
    for other in result.points.indices where !result.points[other].isFinished {
      result.points[other] = pending[other]
      result.points[other].status = .skipped
      result.points[other].reason = "the experiment was stopped"
      sessions[other] = nil
    }
    result.status = .failed
    result.reason = result.points[index].reason
    hasWrongResult = true
  }

  /// How a point's part of a pass ended.
  private enum Step { case advanced, interrupted, stopped }

  private func isOpen(_ index: Int, for pass: Pass) -> Bool {
    !result.points[index].isFinished && sessions[index]?.progress.passes ?? 0 <= pass.index
  }

  private mutating func advance(_ index: Int, _ pass: Pass) -> Step {
    var point = pending[index]
    defer { result.points[index] = point }
    do throws(PointFailure) {
      guard experiment.evidence != .computed else {
        point = try orchestrator.computed(experiment, point)
        return .advanced
      }
      var session = sessions[index] ?? orchestrator.session(of: experiment, at: index, point)
      defer { sessions[index] = session }
      do throws(PointFailure) {
        try session.measure(pass)
      } catch {
        if case .worker(.interrupted, _) = error, !session.records.isEmpty {
          orchestrator.fill(&point, session)
        }
        throw error
      }
      session.progress.passes = pass.index + 1
      if session.progress.stop != .interrupted { try session.expectEnoughObservations() }
      orchestrator.fill(&point, session)
      return .advanced
    } catch {
      if case .worker(.interrupted, _) = error { return .interrupted }
      if case .missingNumber = error { point.status = .skipped } else { point.status = .failed }
      (point.reason, point.stop) = ("\(error)", nil)
      return error.stopsExperiment ? .stopped : .advanced
    }
  }

  mutating func conclude() {
    // What was stopped, or failed at all points, stays so.
    if result.status == .failed { return }
    let statuses = Set(result.points.map(\.status))
    if statuses.contains(.measured) {
      result.status = .measured
      result.reason = nil
      result.decision = orchestrator.decision(experiment, result)
    } else if !statuses.contains(.pending), !statuses.isEmpty {
      result.status = statuses.contains(.failed) ? .failed : .skipped
      result.reason = result.points.compactMap(\.reason).first
    }
  }
}

extension PointResult {
  /// Whether nothing of it is still to be measured.
  fileprivate var isFinished: Bool { status != .pending && stop != .interrupted }
}
