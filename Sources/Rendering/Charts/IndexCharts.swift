import Results

/// The two charts of a machine's index.
enum IndexCharts {
  /// All measured experiments, each by its headline, by area and size; nil where nothing was
  /// measured.
  static func speedups(_ results: Results) -> Drawing? {
    let areas = IndexOrder.areas(results)
    let groups = areas.enumerated().compactMap { index, area -> DotPlot.Group? in
      let rows = results.experiments.filter { $0.area == area }.compactMap { row($0, index) }
        .sorted { ($0.value?.estimate ?? 0) > ($1.value?.estimate ?? 0) }
      return rows.isEmpty ? nil : DotPlot.Group(title: area, rows: rows)
    }
    guard !groups.isEmpty else { return nil }
    let words = groups.flatMap(\.rows).map { "\($0.label) \($0.text)" }
    return DotPlot(
      title: "Speedups on \(results.machine.name)",
      subtitle: "Headlines, with intervals; ? unresolved, = the same",
      description: "Headline of each experiment: \(words.joined(separator: ", ")).",
      format: .ratio, groups: groups, showsUnity: true, rangeName: "range over the sweep"
    ).drawing()
  }

  private static func row(_ experiment: ExperimentResult, _ area: Int) -> DotPlot.Row? {
    guard let headline = experiment.headline, let speedup = headline.candidate.speedup else {
      return nil
    }
    let range = experiment.headlineRange.map { least, most in
      Interval(estimate: speedup.estimate, low: least, high: most)
    }
    let evidence = experiment.knownBy == .measured ? "" : " (\(experiment.knownBy.rawValue))"
    return DotPlot.Row(
      label: experiment.name + evidence, value: speedup, range: range,
      predicted: headline.candidate.predicted?.speedup, text: text(headline.candidate, speedup),
      ink: .series(area), mark: .of(area))
  }

  /// A figure that is no clear effect says so.
  private static func text(_ candidate: CandidateResult, _ speedup: Interval) -> String {
    let figure = Figures.ratio(speedup.estimate)
    return switch candidate.verdict {
    case .faster, .slower: figure
    case .same: "\(figure) ="
    case .unresolved, .skipped: "\(figure) ?"
    }
  }

  /// Every prediction against its measurement; nil where there was none.
  static func predictions(_ results: Results) -> Drawing? {
    let areas = IndexOrder.areas(results)
    let dots = results.experiments.flatMap { experiment in
      experiment.candidates.compactMap { _, candidate -> ScatterChart.Dot? in
        guard let predicted = candidate.predicted, let speedup = candidate.speedup else {
          return nil
        }
        return ScatterChart.Dot(
          name: experiment.name, predicted: predicted.speedup, measured: speedup,
          group: areas.firstIndex(of: experiment.area) ?? 0,
          isRefuted: candidate.isRefuted == true)
      }
    }
    guard !dots.isEmpty else { return nil }
    let summary = PredictionSummary(results).sentence
    return ScatterChart(
      title: "Predicted against measured",
      subtitle: "One mark for each candidate at each point",
      description: summary, groups: areas, dots: dots, band: CandidateResult.predictionBand
    ).drawing()
  }
}

/// The order in which an index shows things.
enum IndexOrder {
  /// Areas in the order of their first experiment.
  static func areas(_ results: Results) -> [String] {
    var areas: [String] = []
    for experiment in results.experiments where !areas.contains(experiment.area) {
      areas.append(experiment.area)
    }
    return areas
  }
}

/// How often prediction and measurement agreed.
public struct PredictionSummary: Equatable, Sendable {
  /// Candidates at points that were both predicted and measured.
  public var count: Int
  /// Median of |predicted − measured| ÷ measured; nil where there was none.
  public var medianError: Double?
  /// Share of them within the band.
  public var shareWithin: Double?
  /// Share of those with a predicted interval whose measured interval meets it; nil where there was
  /// none, as in results of schema 1.
  public var shareMet: Double?

  /// Over all measured points of all experiments, references left out.
  public init(_ results: Results) {
    let candidates = results.experiments.flatMap(\.candidates).map(\.candidate)
    let errors = candidates.compactMap { $0.predictionError.map { abs($0) } }.sorted()
    count = errors.count
    guard !errors.isEmpty else { return }
    let middle = errors.count / 2
    medianError =
      errors.count % 2 == 1 ? errors[middle] : (errors[middle - 1] + errors[middle]) / 2
    let within = errors.filter { $0 <= CandidateResult.predictionBand }.count
    shareWithin = Double(within) / Double(errors.count)
    let meetings = candidates.filter { $0.predicted?.low != nil }.compactMap(\.meetsPrediction)
    if !meetings.isEmpty {
      shareMet = Double(meetings.count { $0 }) / Double(meetings.count)
    }
  }

  /// In one sentence.
  public var sentence: String {
    guard let medianError, let shareWithin else { return "Nothing was predicted." }
    let band = Figures.percent(CandidateResult.predictionBand)
    let meeting = shareMet.map {
      "; \(Figures.percent($0)) of the measured intervals meet the predicted one"
    }
    return "Over \(count) predicted \(count == 1 ? "value" : "values") the median error is "
      + "\(Figures.percent(medianError)); \(Figures.percent(shareWithin)) lie within \(band)"
      + (meeting ?? "") + "."
  }
}
