import Results

/// An experiment's headline over the runs that measured it.
enum TrendChart {
  /// Runs at even distances: many lie minutes apart, and then one a month later.
  static func drawing(_ trend: Trend, of experiment: ExperimentResult) -> Drawing {
    let samples = trend.steps.enumerated().compactMap { index, step in
      step.candidate.speedup.map { LineChart.Sample(x: Double(index), value: $0) }
    }
    let predictions = trend.steps.enumerated().compactMap { index, step in
      step.candidate.predicted.map { LineChart.Sample(x: Double(index), value: $0.interval) }
    }
    let days = Set(trend.steps.map { $0.run.started.prefix(10) })
    let ticks = trend.steps.enumerated().map { index, step in
      LineChart.Place(x: Double(index), label: moment(step.run.started, isTime: days.count == 1))
    }
    let landmarks = trend.steps.enumerated().filter { !$0.element.changes.isEmpty }.map {
      LineChart.Place(x: Double($0.offset), label: $0.element.changes.joined(separator: ", "))
    }
    let place = Answer.place(trend.point, experiment.account.axis)
    let words = trend.steps.map { step in
      "\(step.run.started) \(step.candidate.speedup.map(Figures.ratio) ?? Figures.none)"
    }
    return LineChart(
      title: "Speedup over the runs", subtitle: "\(trend.candidate), \(place)",
      description: "Speedup of \(trend.candidate), \(place): \(words.joined(separator: "; ")).",
      xAxis: "run, oldest first", format: .ratio, ticks: ticks, landmarks: landmarks,
      series: [
        LineChart.Series(
          name: trend.candidate, ink: .variant(1), mark: .of(1), runs: [samples],
          predictions: predictions)
      ], showsUnity: true
    ).drawing()
  }

  /// `2026-11-22` or `18:44` of `2026-11-22T18:44:57Z`.
  private static func moment(_ started: String, isTime: Bool) -> String {
    let parts = started.split(separator: "T")
    guard parts.count == 2 else { return started }
    return String(isTime ? parts[1].prefix(5) : parts[0])
  }
}
