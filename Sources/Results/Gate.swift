/// What a gate found: speedups that fell, and counts that rose, by more than a share of themselves.
public struct Gate: Equatable, Sendable {
  /// One speedup that fell.
  public struct Fallen: Equatable, Sendable {
    /// `area/name`.
    public var id: String
    /// The axis of its sweep.
    public var axis: String
    /// The side that it fell on.
    public var side: String
    /// As the runs have it.
    public var first: ComparedCandidate
    /// Whether its times may be called those of one machine and one toolchain.
    public var sharesTimes: Bool
    /// What a second measurement said; nil where none was asked for.
    public var second: Second?

    /// Whether it counts: not refuted by a second measurement.
    public var stands: Bool {
      switch second {
      case nil, .failed: true
      case .measured(_, let isConfirmed): isConfirmed
      }
    }
  }

  /// A second measurement.
  public enum Second: Equatable, Sendable {
    /// Compared with the first side in the same way; whether it fell again.
    case measured(ComparedCandidate, isConfirmed: Bool)
    /// It did not come about: the first finding is not refuted.
    case failed(reason: String)
  }

  /// The smallest share that a gate may be set to: smaller differences are never judged.
  public static let smallestShare = 0.02

  /// By how much a speedup may fall, as a share of itself.
  public var share: Double
  /// In the order of the sides and experiments.
  public var fallen: [Fallen]
  /// Ids of experiments in which the times of baseline and candidate rose together by more than
  /// the share: a change to both, or drift of the machine. Nothing is judged by it.
  public var slowerTogether: [String]
  /// Counts that rose by more than the share. A second measurement does not change them.
  public var risen: [RisenCount]

  /// Compares every side with the first.
  public init(_ comparison: Comparison, share: Double) {
    self.share = share
    fallen = comparison.pairs.flatMap { pair in
      pair.fallen(by: share).map { experiment, candidate in
        Fallen(
          id: experiment.id, axis: experiment.left.account.axis, side: pair.right.name,
          first: candidate, sharesTimes: pair.sharesTimes(experiment))
      }
    }
    slowerTogether = comparison.pairs.flatMap { pair in
      pair.experiments.filter { experiment in
        pair.sharesTimes(experiment) && experiment.left.knownBy == .measured
          && experiment.left.account.metric.lowerIsBetter
          && experiment.candidates.contains { $0.isSlowerTogether(by: share) }
      }.map(\.id)
    }
    risen = comparison.pairs.flatMap { pair in
      pair.experiments.flatMap {
        $0.risenCounts(by: share, isSameBuild: pair.sharesTimes($0))
      }
    }
  }

  /// Whether any of the findings stands.
  public var isClosed: Bool {
    fallen.contains(where: \.stands) || risen.contains(where: \.isJudged)
  }

  /// Compares second measurements with the first side's results, corrected for their own number.
  /// - Parameters:
  ///   - again: the experiments measured again; one that is missing was not measured.
  ///   - reason: why an experiment is missing.
  public mutating func confirm(
    _ again: [ExperimentResult], against left: Results, reason: (String) -> String
  ) {
    var seconds = left
    seconds.experiments = again.map { measured in
      var experiment = measured
      experiment.points = measured.points.map { point in
        var kept = point
        kept.candidates = point.candidates.filter { candidate in
          fallen.contains {
            $0.id == measured.id && $0.first.parameter == point.parameter
              && $0.first.name == candidate.name
          }
        }
        return kept
      }
      return experiment
    }
    let comparison = Comparison(
      [.init(name: "", results: left), .init(name: "", results: seconds)], numberProcesses: 2)
    for index in fallen.indices {
      let one = fallen[index]
      let found = comparison.pairs[0].experiments.first { $0.id == one.id }?.candidates
        .first { $0.parameter == one.first.parameter && $0.name == one.first.name }
      if let found, found.ratio != nil {
        fallen[index].second = .measured(found, isConfirmed: found.hasFallen(by: share))
      } else {
        fallen[index].second = .failed(reason: reason(one.id))
      }
    }
  }
}

extension ComparedCandidate {
  fileprivate func isSlowerTogether(by share: Double) -> Bool {
    guard let times else { return false }
    return [times.baseline, times.candidate].allSatisfy { $0[1] > $0[0] * (1 + share) }
  }
}
