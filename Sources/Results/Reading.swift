// What every reader of the results needs to know of them: which point stands for an experiment,
// and how far a prediction was off. Kept beside the values, so that the page, the terminal and
// other tools cannot disagree.

extension MetricRecord {
  /// Wall time of a kernel call.
  public static let time = MetricRecord(name: "time", unit: .nanoseconds, lowerIsBetter: true)

  /// Whether this is the default metric, which can be shown per element.
  public var isTime: Bool { self == .time }
}

extension CandidateResult {
  /// A prediction further off than this share of the measurement refutes the model.
  public static let predictionBand = 0.25

  /// (predicted − measured) ÷ measured; nil where either is missing.
  public var predictionError: Double? {
    guard let predicted, let speedup, speedup.estimate > 0 else { return nil }
    return (predicted.speedup - speedup.estimate) / speedup.estimate
  }

  /// Whether the prediction missed by more than the band; nil where there is nothing to judge.
  public var isRefuted: Bool? {
    predictionError.map { !(abs($0) <= Self.predictionBand) }
  }
}

extension ExperimentResult {
  /// The point and the candidate that stand for an experiment where there is room for one number.
  public struct Headline: Hashable, Sendable {
    /// Where the effect is largest.
    public var point: PointResult
    /// Which candidate has it.
    public var candidate: CandidateResult
  }

  /// `memory` of `memory/false-sharing`.
  public var area: String { String(id.prefix { $0 != "/" }) }

  /// `false-sharing` of `memory/false-sharing`.
  public var name: String {
    guard let slash = id.firstIndex(of: "/") else { return id }
    return String(id[id.index(after: slash)...])
  }

  /// The largest effect of any candidate, in either direction; resolved verdicts go before
  /// unresolved ones. Nil where nothing was measured. A page that shows it must show the range
  /// over the sweep beside it.
  public var headline: Headline? {
    var best: (headline: Headline, resolved: Bool, effect: Double)?
    for point in points where point.status == .measured {
      for candidate in point.candidates {
        guard let speedup = candidate.speedup, speedup.estimate > 0 else { continue }
        let resolved = candidate.verdict == .faster || candidate.verdict == .slower
        let effect = max(speedup.estimate, 1 / speedup.estimate)
        let headline = Headline(point: point, candidate: candidate)
        guard let leader = best else {
          best = (headline, resolved, effect)
          continue
        }
        if resolved == leader.resolved ? effect > leader.effect : resolved {
          best = (headline, resolved, effect)
        }
      }
    }
    return best?.headline
  }
}
