import Results

/// Percentiles of what was observed, beside the one that is compared.
enum PercentileTable {
  private static let percentiles = [50, 90, 99, 99.9]

  /// Of every variant at the headline's point; empty where nothing was observed. A percentile with
  /// fewer than ten observations beyond it is left out.
  static func render(_ experiment: ExperimentResult) -> String {
    guard let point = experiment.headline?.point else { return "" }
    let variants = point.variants.compactMap { variant in
      variant.distribution.map { (variant: variant, observed: $0) }
    }
    let shown = percentiles.filter { percentile in
      variants.contains { $0.observed.count >= Distribution.fewest(forPercentile: percentile) }
    }
    guard !shown.isEmpty else { return "" }
    var table = Markdown.Table()
    table.columns =
      [("variant", .left)] + shown.map { ("p\(Figures.short($0))", .right) }
      + [("observations", .right)]
    table.rows = variants.map { variant, observed in
      [Markdown.text(experiment.label(variant.name))]
        + shown.map { cell($0, of: observed, unit: variant.unit) }
        + [Figures.grouped(String(observed.count))]
    }
    let place = Markdown.text(Answer.at(point, experiment.account))
    return "Percentiles \(place), over all that was observed"
      + "\(note(variants.map(\.observed), shown)):\n\n\(table.render())"
  }

  private static func cell(
    _ percentile: Double, of observed: Distribution, unit: Unit
  ) -> String {
    guard observed.count >= Distribution.fewest(forPercentile: percentile),
      let value = observed.quantile(percentile / 100)
    else { return Figures.none }
    return Markdown.text(Figures.quantity(value, unit: unit))
  }

  /// Says what is missing, and how many observations it would take.
  private static func note(_ observed: [Distribution], _ shown: [Double]) -> String {
    let least = observed.map(\.count).min() ?? 0
    guard
      let missing = percentiles.first(where: { Distribution.fewest(forPercentile: $0) > least })
    else { return "" }
    let wanted = Figures.grouped(String(Distribution.fewest(forPercentile: missing)))
    return "; p\(Figures.short(missing)) needs \(wanted) observations"
  }
}
