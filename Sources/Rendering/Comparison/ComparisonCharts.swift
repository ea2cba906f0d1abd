import Results

/// The charts of a comparison.
enum ComparisonCharts {
  /// An interval wider than this, as the ratio of its ends, says nothing that a chart could show,
  /// and would leave no room for those that do.
  private static let widest = 4.0

  /// More experiments than this are not drawn side by side.
  static let mostSideBySide = 12

  /// The ratio of speedups of every experiment; nil where nothing is compared.
  static func ratios(_ pair: ComparedPair) -> Drawing? {
    var areas: [String] = []
    for experiment in pair.experiments where !areas.contains(experiment.left.area) {
      areas.append(experiment.left.area)
    }
    let groups = areas.enumerated().compactMap { index, area -> DotPlot.Group? in
      let rows = pair.experiments.filter { $0.left.area == area }.compactMap { row($0, index) }
        .sorted { ($0.value?.estimate ?? 0) > ($1.value?.estimate ?? 0) }
      return rows.isEmpty ? nil : DotPlot.Group(title: area, rows: rows)
    }
    guard groups.contains(where: { $0.rows.contains { $0.value != nil } }) else { return nil }
    let words = groups.flatMap(\.rows).map { "\($0.label) \($0.text)" }
    return DotPlot(
      title: "Speedups of \(pair.right.name) ÷ those of \(pair.left.name)",
      subtitle: "At the largest difference; grey if there is none",
      description: "Ratios of speedups: \(words.joined(separator: ", ")).", format: .ratio,
      groups: groups, showsUnity: true, hollowName: "predicted ratio"
    ).drawing()
  }

  private static func row(_ experiment: ComparedExperiment, _ area: Int) -> DotPlot.Row? {
    guard let leading = experiment.leading, let ratio = leading.ratio else { return nil }
    let figure = Figures.ratio(ratio.estimate)
    let isFound = leading.agreement != nil
    guard ratio.high <= widest * ratio.low || isFound else {
      let ends = "\(Figures.ratio(ratio.low)) to \(Figures.ratio(ratio.high))"
      return DotPlot.Row(
        label: experiment.left.name, value: nil, text: "unresolved, \(ends)", ink: .baseline,
        mark: .of(area))
    }
    return DotPlot.Row(
      label: experiment.left.name, value: ratio, predicted: leading.predictedRatio,
      text: isFound ? "\(leading.change.rawValue) \(figure)" : figure,
      ink: isFound ? .series(area) : .baseline, mark: .of(area))
  }

  /// Where sides differ most, the speedups of all of them; nil where nothing differs.
  static func sideBySide(_ comparison: Comparison) -> Drawing? {
    var places: [(experiment: ComparedExperiment, leading: ComparedCandidate)] = []
    for experiment in comparison.pairs.flatMap(\.experiments) {
      guard let leading = experiment.leading, leading.agreement != nil else { continue }
      if let index = places.firstIndex(where: { $0.experiment.id == experiment.id }) {
        if leading.size > places[index].leading.size { places[index] = (experiment, leading) }
      } else {
        places.append((experiment, leading))
      }
    }
    guard !places.isEmpty else { return nil }
    let shown = places.sorted { $0.leading.size > $1.leading.size }.prefix(mostSideBySide)
    let groups = shown.map { experiment, leading in
      let rows = comparison.sides.enumerated().map { index, side in
        row(side, index, experiment.id, leading)
      }
      return DotPlot.Group(
        title: "\(experiment.left.name): "
          + ComparisonText.place(leading, axis: experiment.left.account.axis), rows: rows)
    }
    let words = groups.map { group in
      "\(group.title): " + group.rows.map { "\($0.label) \($0.text)" }.joined(separator: ", ")
    }
    let many = places.count > shown.count ? "The \(shown.count) largest differences" : "Differences"
    return DotPlot(
      title: "Where the speedups differ", subtitle: "\(many), largest first",
      description: words.joined(separator: "; ") + ".", format: .ratio, groups: groups,
      showsUnity: true
    ).drawing()
  }

  private static func row(
    _ side: Comparison.Side, _ index: Int, _ id: String, _ leading: ComparedCandidate
  ) -> DotPlot.Row {
    let point = side.results.experiments.first { $0.id == id }?.points
      .first { $0.parameter == leading.parameter && $0.status == .measured }
    let candidate = point?.candidates.first { $0.name == leading.name }
    return DotPlot.Row(
      label: side.name, value: candidate?.speedup, predicted: candidate?.predicted?.speedup,
      text: candidate?.speedup.map { Figures.ratio($0.estimate) } ?? "not measured",
      ink: .series(index), mark: .of(index))
  }
}
