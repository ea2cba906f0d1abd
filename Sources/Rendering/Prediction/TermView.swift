import Results

extension ExperimentResult {
  /// Whether its predictions are values that were measured beside; those of schema 1 are sentences.
  var showsTerms: Bool { measuredPoints.contains { $0.predictions?.isEmpty == false } }
}

/// Which predicted terms a page shows, and in which unit: those of the headline's point, and those
/// of the point at which the model is most refuted, since there they show what went wrong.
struct TermView {
  /// One or two.
  let points: [PointResult]
  /// Of all terms of these points, in the order of the models; their letters follow from it.
  private let names: [String]
  /// Where the metric is shown per element: `time per element`.
  private let metric: MetricView

  /// Nil where the predictions have no terms.
  init?(_ experiment: ExperimentResult) {
    let predicted = experiment.measuredPoints.filter { $0.predictions?.isEmpty == false }
    let headline = experiment.headline?.point
    guard let first = predicted.first(where: { $0 == headline }) ?? predicted.first else {
      return nil
    }
    let worst = experiment.candidates.filter { point, candidate in
      candidate.isRefuted == true && predicted.contains(point)
    }.max { abs($0.candidate.predictionError ?? 0) < abs($1.candidate.predictionError ?? 0) }
    points = [first] + [worst?.point].compactMap { $0 }.filter { $0 != first }
    var names: [String] = []
    for term in points.flatMap({ $0.predictions ?? [] }).flatMap(\.terms)
    where !names.contains(term.name) { names.append(term.name) }
    self.names = names
    metric = MetricView(experiment)
  }

  /// The terms that these variants have, each with its place among all.
  func terms(of variants: [PredictedVariant]) -> [(index: Int, name: String)] {
    let own = Set(variants.flatMap(\.terms).map(\.name))
    return names.enumerated().filter { own.contains($0.element) }.map { ($0.offset, $0.element) }
  }

  func index(of term: PredictedTerm) -> Int { names.firstIndex(of: term.name) ?? 0 }

  /// `a` for the first, `ab` after `z`.
  static func letter(_ index: Int) -> String {
    let letters = Array("abcdefghijklmnopqrstuvwxyz")
    return (index < letters.count ? "" : letter(index / letters.count - 1))
      + String(letters[index % letters.count])
  }

  /// What was measured of a variant, in the unit of its prediction; nil where only the ratio of two
  /// predictions means something, or nothing was measured.
  static func measured(_ predicted: PredictedVariant, at point: PointResult) -> Interval? {
    guard let scale = predicted.perMetric, scale > 0,
      let value = point.variants.first(where: { $0.name == predicted.name })?.interval
    else { return nil }
    return Interval(
      estimate: value.estimate / scale, low: value.low / scale, high: value.high / scale)
  }

  /// A value of a variant's prediction. Where only ratios mean something, it is a share of what the
  /// model expects of the baseline.
  static func figure(
    _ value: Double, of predicted: PredictedVariant, at point: PointResult
  ) -> String {
    guard predicted.perMetric != nil else {
      let whole = point.predictions?.first?.total ?? predicted.total
      return whole == 0 ? Figures.none : Figures.percent(value / whole)
    }
    let own = point.variants.first { $0.name == predicted.name }?.unit
    let unit = predicted.unit == .count ? own ?? predicted.unit : predicted.unit
    return Figures.quantity(value, unit: unit)
  }

  /// What the values are: `time per element`, or shares.
  func subject(at point: PointResult) -> String {
    guard let scale = point.predictions?.first?.perMetric else {
      return "as a share of the baseline's prediction"
    }
    let isCall = metric.metric.isTime && metric.isPerElement && scale != point.work.elements
    return isCall ? "time per kernel call" : metric.name
  }
}
