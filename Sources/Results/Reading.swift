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

  /// Whether the predicted interval overlaps the measured one. Nil where either is missing.
  public var meetsPrediction: Bool? {
    guard let predicted = predicted?.interval, let speedup else { return nil }
    return predicted.low <= speedup.high && speedup.low <= predicted.high
  }

  /// Whether the prediction missed: off by more than the band, and its interval does not meet the
  /// measured one. Nil where there is nothing to judge.
  public var isRefuted: Bool? {
    guard let error = predictionError, let meets = meetsPrediction else { return nil }
    return abs(error) > Self.predictionBand && !meets
  }
}

extension Account {
  /// Whether a value means the same on both axes. An axis may have got another name, but one that
  /// counts threads is not what stood there before.
  public func sweepsAlike(_ other: Account) -> Bool {
    axis == other.axis || sweepsThreads != true && other.sweepsThreads != true
  }
}

extension ExperimentResult {
  /// The point and the candidate that stand for an experiment where there is room for one number.
  public struct Headline: Equatable, Sendable {
    /// Where on the axis.
    public var point: PointResult
    /// Which candidate.
    public var candidate: CandidateResult

    /// What the baseline has there; nil where it was not measured.
    public var before: VariantResult? { point.variants.first }

    /// What the candidate has there.
    public var after: VariantResult? { point.variants.first { $0.name == candidate.name } }
  }

  /// `memory` of `memory/false-sharing`.
  public var area: String { String(id.prefix { $0 != "/" }) }

  /// `false-sharing` of `memory/false-sharing`.
  public var name: String {
    guard let slash = id.firstIndex(of: "/") else { return id }
    return String(id[id.index(after: slash)...])
  }

  /// How its results are known: those of schema 1 were all measured.
  public var knownBy: Evidence { evidence ?? .measured }

  /// Whether it is the same experiment and a value of its sweep means the same.
  public func sweepsAlike(_ other: ExperimentResult) -> Bool {
    id == other.id && account.sweepsAlike(other.account)
  }

  /// Whether a variant is only compared with, and no candidate.
  public func isReference(_ variant: String) -> Bool {
    account.references?.contains(variant) ?? false
  }

  /// The declared point and variant; where nothing was declared, the last candidate at the middle
  /// of the sweep. Where that point was not measured, the measured one nearest to it in the sweep;
  /// where the variant was not, the candidate before it. Chosen before looking at any result. Nil
  /// where nothing was measured. What shows it must show the range over the sweep beside it.
  public var headline: Headline? {
    let wanted =
      account.headline.flatMap { declared in
        points.firstIndex { $0.parameter.value == declared.value }
      } ?? points.count / 2
    let nearest = points.indices.sorted { abs($0 - wanted) < abs($1 - wanted) }
    for index in nearest where points[index].status == .measured {
      if let candidate = headlineCandidate(at: points[index]) {
        return Headline(point: points[index], candidate: candidate)
      }
    }
    return nil
  }

  /// The declared headline where another point or variant stands in for it, since it was not
  /// measured.
  public var missedHeadline: (variant: String, point: PointResult)? {
    guard let declared = account.headline, let headline,
      let point = points.first(where: { $0.parameter.value == declared.value }),
      point.parameter != headline.point.parameter || declared.variant != headline.candidate.name
    else { return nil }
    return (declared.variant, point)
  }

  private func headlineCandidate(at point: PointResult) -> CandidateResult? {
    let measured = point.candidates.indices.filter { index in
      point.candidates[index].speedup != nil && !isReference(point.candidates[index].name)
    }
    let declared = point.candidates.firstIndex { $0.name == account.headline?.variant }
    let index = measured.last { $0 <= declared ?? .max } ?? measured.first
    return index.map { point.candidates[$0] }
  }

  /// The least and the largest speedup of the headline's candidate over the sweep; nil where it was
  /// measured at one point only.
  public var headlineRange: (least: Double, most: Double)? {
    guard let headline else { return nil }
    let all = points.filter { $0.status == .measured }.flatMap(\.candidates)
      .filter { $0.name == headline.candidate.name }.compactMap(\.speedup?.estimate)
    guard all.count > 1, let least = all.min(), let most = all.max() else { return nil }
    return (least, most)
  }
}
