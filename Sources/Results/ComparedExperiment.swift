/// One experiment in two runs.
public struct ComparedExperiment: Equatable, Sendable {
  /// As the first run has it.
  public var left: ExperimentResult
  /// As the second run has it.
  public var right: ExperimentResult
  /// Candidates at points that both have measured, in the order of the first.
  public var candidates: [ComparedCandidate]
  /// What only one of them has measured.
  public var missing: [Missing]
  /// Whether both hold one and the same measurement.
  public var isOneMeasurement: Bool

  /// Something that only one run has measured.
  public struct Missing: Equatable, Sendable {
    /// Index of the side without it: 0 or 1.
    public var side: Int
    /// `tcmalloc at 4 MiB`; empty for the whole experiment.
    public var place: String
    /// As the side without it gives it.
    public var reason: String
  }

  /// `area/name`.
  public var id: String { left.id }

  /// The one that stands for the experiment: the largest difference, or where there is none, what
  /// the first run's page shows. Nil where nothing is compared.
  public var leading: ComparedCandidate? {
    let differing = candidates.filter { $0.agreement != nil }
    if let largest = differing.max(by: { $0.size < $1.size }) { return largest }
    let headline = left.headline
    return candidates.first {
      $0.parameter == headline?.point.parameter && $0.name == headline?.candidate.name
    } ?? candidates.first
  }

  /// Pairs up what both have measured; the ratios are yet to be made.
  init(_ left: ExperimentResult, _ right: ExperimentResult, isSameMachine: Bool) {
    self.left = left
    self.right = right
    candidates = []
    missing = []
    isOneMeasurement =
      isSameMachine && left.run?.started != nil && left.run?.started == right.run?.started
      && left.speedups == right.speedups
    guard !isOneMeasurement else { return }
    for (side, pair) in [(1, (left, right)), (0, (right, left))] {
      let (from, other) = pair
      guard from.status == .measured else { continue }
      guard other.status == .measured else {
        missing.append(
          Missing(side: side, place: "", reason: other.reason ?? other.status.rawValue))
        continue
      }
      for point in from.points where point.status == .measured {
        missing += Self.missing(of: point, from, in: other, side: side)
      }
    }
  }

  private static func missing(
    of point: PointResult, _ own: ExperimentResult, in other: ExperimentResult, side: Int
  ) -> [Missing] {
    guard let match = other.points.first(where: { $0.parameter == point.parameter }),
      match.status == .measured
    else {
      let reason = other.points.first { $0.parameter == point.parameter }?.reason
      return [
        Missing(
          side: side, place: point.parameter.label, reason: reason ?? "no such point there")
      ]
    }
    let compared = point.candidates.filter { $0.speedup != nil && own.yardstick($0.name) == nil }
    return compared.compactMap { candidate in
      let found = match.candidates.first { $0.name == candidate.name }
      guard found?.speedup == nil else { return nil }
      return Missing(
        side: side, place: "\(candidate.name) at \(point.parameter.label)",
        reason: found?.reason ?? "no such variant there")
    }
  }

  /// Candidates at points that both have measured. A peer that became slower is no change of ours.
  var matches: [(PointResult, CandidateResult, PointResult, CandidateResult)] {
    guard !isOneMeasurement, left.status == .measured, right.status == .measured else { return [] }
    return left.points.filter { $0.status == .measured }.flatMap { point in
      guard
        let other = right.points.first(where: {
          $0.parameter == point.parameter && $0.status == .measured
        })
      else { return [(PointResult, CandidateResult, PointResult, CandidateResult)]() }
      return point.candidates.compactMap { candidate in
        guard candidate.speedup != nil, left.yardstick(candidate.name) == nil,
          let match = other.candidates.first(where: { $0.name == candidate.name }),
          match.speedup != nil
        else { return nil }
        return (point, candidate, other, match)
      }
    }
  }

  /// Makes the ratios.
  /// - Parameter level: of each interval.
  mutating func compare(level: Double) {
    candidates = matches.map { point, candidate, other, match in
      let found = MeasuredSpeedup(match, at: other)
        .over(MeasuredSpeedup(candidate, at: point), level: level)
      return ComparedCandidate(
        parameter: point.parameter, name: candidate.name, left: candidate, right: match,
        evidence: left.knownBy, ratio: found?.ratio, floor: found?.floor ?? 1,
        change: found?.change ?? .unresolved,
        times: ComparedCandidate.Times(candidate.name, point, other))
    }
  }
}

extension ComparedCandidate {
  /// How large the difference is, whichever way it goes.
  public var size: Double { ratio.map { max($0.estimate, 1 / $0.estimate) } ?? 0 }
}

extension ComparedCandidate.Times {
  /// Nil where a value is missing, or the units are not the same.
  init?(_ name: String, _ left: PointResult, _ right: PointResult) {
    let points = [left, right]
    let baselines = points.compactMap(\.variants.first)
    let candidates = points.compactMap { $0.variants.first { $0.name == name } }
    let units = Set((baselines + candidates).map(\.unit))
    guard baselines.count == 2, candidates.count == 2, units.count == 1, let unit = units.first
    else { return nil }
    self.init(
      baseline: baselines.map(\.estimate), candidate: candidates.map(\.estimate), unit: unit)
  }
}

extension ExperimentResult {
  fileprivate var speedups: [Interval?] { points.flatMap(\.candidates).map(\.speedup) }
}
