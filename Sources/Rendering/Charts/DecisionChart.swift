import Results

/// A tornado: how far each input alone moves the ratio, those that move it most on top.
enum DecisionChart {
  /// Nil where nothing decides.
  static func drawing(_ experiment: ExperimentResult) -> Drawing? {
    guard let decision = experiment.decision, decision.deciders.count > 1,
      let point = experiment.points.first(where: { $0.parameter == decision.parameter }),
      let candidate = point.candidates.first(where: { $0.name == decision.candidate }),
      let ratio = candidate.speedup
    else { return nil }
    let rows = decision.deciders.prefix(DecisionSection.most).map { decider in
      let ends = [decider.ratioAtLow, decider.ratioAtHigh]
      let (low, high) = (ends.min() ?? 1, ends.max() ?? 1)
      return DotPlot.Row(
        label: decider.input.name,
        value: Interval(estimate: min(max(ratio.estimate, low), high), low: low, high: high),
        text: "\(Figures.ratio(ends[0])) – \(Figures.ratio(ends[1]))",
        ink: experiment.ink(decision.candidate, 1), mark: .of(1))
    }
    let place = Answer.place(decision.parameter.label, experiment.account.axis)
    return DotPlot(
      title: "What decides: the ratio at \(place)", subtitle: experiment.title,
      description: "How far each input alone moves the ratio of \(decision.candidate) to "
        + "\(experiment.baselineName): "
        + rows.map { "\($0.label) \($0.text)" }.joined(separator: "; ") + ".",
      format: .ratio, groups: [DotPlot.Group(title: "", rows: rows)], showsUnity: true
    ).drawing()
  }
}
