import Results

/// How an experiment's metric is shown: time per element where the work counts elements, else the
/// metric as it was reported.
struct MetricView {
  let metric: MetricRecord
  let isPerElement: Bool
  /// What an element is called.
  private let each: String

  init(_ experiment: ExperimentResult) {
    metric = experiment.account.metric
    let measured = experiment.points.filter { $0.status == .measured }
    isPerElement =
      metric.isTime && !measured.isEmpty && measured.allSatisfy { $0.work.elements > 0 }
    each = measured.first?.work.each ?? "element"
  }

  /// `time per element`
  var name: String {
    guard metric.isTime else { return metric.name }
    return isPerElement ? "time per \(each)" : "time per call"
  }

  /// `lower is better`
  var direction: String { metric.lowerIsBetter ? "lower is better" : "higher is better" }

  func value(_ variant: VariantResult, at point: PointResult) -> Interval {
    let divisor = isPerElement ? point.work.elements : 1
    let value = variant.interval
    return Interval(
      estimate: value.estimate / divisor, low: value.low / divisor, high: value.high / divisor)
  }

  /// `1.26 ns`
  func text(_ variant: VariantResult, at point: PointResult) -> String {
    Figures.quantity(value(variant, at: point).estimate, unit: variant.unit)
  }

  /// Bytes and floating-point operations over the time of a call: `34.1 GB/s`, `12.0 GFLOP/s`.
  /// A byte a nanosecond is a gigabyte a second.
  func rates(_ variant: VariantResult, at point: PointResult) -> [String] {
    guard metric.isTime, variant.estimate > 0 else { return [] }
    var result: [String] = []
    if point.work.bytes > 0 {
      let rate = point.work.bytes / variant.estimate * 1e9
      result.append(Figures.quantity(rate, unit: .bytesPerSecond))
    }
    if point.work.floatOperations > 0 {
      let rate = point.work.floatOperations / variant.estimate * 1e9
      result.append(Figures.quantity(rate, unit: .floatOperationsPerSecond))
    }
    return result
  }
}

extension ExperimentResult {
  /// Names of all variants in their order, the baseline first, those that were skipped included.
  var variantNames: [String] {
    var names: [String] = []
    func add(_ name: String) { if !names.contains(name) { names.append(name) } }
    // A point without the baseline must not put a candidate first.
    points.forEach { $0.variants.first.map { add($0.name) } }
    account.sources.forEach { add($0.variant) }
    points.forEach { point in
      point.variants.forEach { add($0.name) }
      point.candidates.forEach { add($0.name) }
    }
    return names
  }

  var baselineName: String { variantNames.first ?? "baseline" }

  var candidateNames: [String] { Array(variantNames.dropFirst()) }

  /// A variant's in every chart. A limit is grey too: nothing is to be chosen there.
  func ink(_ variant: String, _ index: Int) -> Ink {
    yardstick(variant) == .limit ? .muted : .variant(index)
  }

  var measuredPoints: [PointResult] { points.filter { $0.status == .measured } }
}

extension Ink {
  /// The baseline is grey in every chart, the first candidate blue, and so on.
  static func variant(_ index: Int) -> Ink { index == 0 ? .baseline : .series(index - 1) }
}
