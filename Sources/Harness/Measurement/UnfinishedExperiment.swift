import Results

extension ExperimentSession {
  /// What is kept of an experiment on its way, so that another process of perflab can go on with it.
  public struct Unfinished: Codable, Sendable {
    /// Every point with its predictions and nothing measured.
    var pending: ExperimentResult
    /// By the point's index; those that have samples and have not failed.
    var points: [Int: PointProgress]
  }

  /// Nil where nothing was measured.
  public var unfinished: Unfinished? {
    let points = sessions.mapValues(\.progress).filter { index, progress in
      !progress.records.isEmpty && result.points[index].status == .measured
    }
    guard !points.isEmpty else { return nil }
    var pending = result
    pending.points = self.pending
    (pending.status, pending.reason) = (.pending, Self.predicted)
    return Unfinished(pending: pending, points: points)
  }

  /// Takes what was measured before, of a session with nothing measured.
  fileprivate mutating func restore(_ points: [Int: PointProgress]) throws(ResumeFailure) {
    for (index, progress) in points {
      guard pending.indices.contains(index), pending[index].status == .pending else {
        throw .damaged
      }
      let session = orchestrator.session(
        of: experiment, at: index, pending[index], progress: progress)
      guard session.isPossible else { throw .damaged }
      orchestrator.fill(&result.points[index], session)
      sessions[index] = session
    }
    conclude()
  }
}

/// Why an experiment does not go on.
public enum ResumeFailure: Error, Equatable {
  /// The experiment, or what it compares with, is another.
  case changed
  /// What it was measured with is missing now: the requirement that is not met.
  case unmet(String)
  /// The samples can't be of this experiment.
  case damaged
}

extension Orchestrator {
  /// Goes on with an experiment that an earlier process of perflab did not finish. Its predictions
  /// stay those that were stored before its first sample.
  public func resume(
    _ experiment: Experiment, _ unfinished: ExperimentSession.Unfinished
  ) throws(ResumeFailure) -> ExperimentSession {
    let kept = unfinished.pending
    guard kept.id == experiment.id, kept.points.map(\.parameter) == experiment.sweep.values
    else { throw .changed }
    let unmet = facilities.unmet(experiment.needs)
    if !unmet.isEmpty { throw .unmet(unmet.joined(separator: "; ")) }
    for point in kept.points {
      let now = predicted(experiment, at: point.parameter, parts: nil)
      if point.status == .pending, now.status == .skipped { throw .unmet(now.reason ?? "") }
      for (before, after) in zip(point.candidates, now.candidates) {
        if before.reason == nil, let reason = after.reason { throw .unmet(reason) }
      }
      guard now.status == point.status,
        now.candidates.map({ $0.reason == nil }) == point.candidates.map({ $0.reason == nil })
      else { throw .changed }
    }
    guard experiment.yardsticks(facilities, kept.account.yardsticks) == kept.account.yardsticks
    else { throw .changed }
    var session = ExperimentSession(experiment, kept, orchestrator: self)
    try session.restore(unfinished.points)
    return session
  }
}

extension PointSession {
  /// Whether what was kept can have been measured: a file may have been changed by hand.
  fileprivate var isPossible: Bool {
    let isMeasured = experiment.evidence == .measured
    let expected = Set(instances.indices)
    return (0...preset.passes).contains(progress.passes)
      && (progress.passes < preset.passes || progress.stop != .interrupted)
      && progress.wallSeconds >= 0
      && isMeasured == (progress.pace != nil)
      && progress.pace?.isPossible(instances: instances.count) != false
      && records.allSatisfy { record in
        record.iterations == progress.pace?.iterations ?? 1
          && record.blocks.allSatisfy { Set($0.slots.map(\.instance)) == expected }
      }
  }
}

extension PointProgress.Pace {
  fileprivate func isPossible(instances: Int) -> Bool {
    let calls = 0...1 << 32
    return iterations > 0 && calls.contains(iterations) && batch > 0 && batch <= Self.largestBatch
      && warmUpCalls.count == instances && warmUpCalls.allSatisfy(calls.contains)
  }
}
