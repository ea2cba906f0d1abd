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
  mutating func restore(_ points: [Int: PointProgress]) {
    for (index, progress) in points where pending.indices.contains(index) {
      let session = orchestrator.session(
        of: experiment, at: index, pending[index], progress: progress)
      orchestrator.fill(&result.points[index], session)
      sessions[index] = session
    }
    conclude()
  }
}
