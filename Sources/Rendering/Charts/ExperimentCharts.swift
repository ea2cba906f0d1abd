import Results

/// The two charts of an experiment's page.
enum ExperimentCharts {
  /// Speedup of each candidate against the sweep; nil where nothing was measured.
  static func speedup(_ experiment: ExperimentResult, machine: Machine) -> Drawing? {
    let points = experiment.measuredPoints.filter { point in
      point.candidates.contains { $0.speedup != nil }
    }
    guard !points.isEmpty else { return nil }
    return isLine(experiment, points)
      ? speedupLines(experiment, points, machine) : speedupRows(experiment, points)
  }

  /// The metric of each variant against the sweep; nil where nothing was measured.
  static func metric(_ experiment: ExperimentResult, machine: Machine) -> Drawing? {
    let points = experiment.measuredPoints.filter { !$0.variants.isEmpty }
    guard !points.isEmpty else { return nil }
    return isLine(experiment, points)
      ? metricLines(experiment, points, machine) : metricRows(experiment, points)
  }

  /// A single value makes no line, and names have no distance from one another.
  private static func isLine(_ experiment: ExperimentResult, _ points: [PointResult]) -> Bool {
    experiment.account.numericAxis && points.count > 1
      && experiment.points.allSatisfy { $0.parameter.value > 0 }
  }

  private static let noiseName = "noise (baseline against itself)"

  // MARK: Lines

  private static func speedupLines(
    _ experiment: ExperimentResult, _ points: [PointResult], _ machine: Machine
  ) -> Drawing {
    let names = experiment.candidateNames
    let series = names.enumerated().compactMap { index, name -> LineChart.Series? in
      let values = experiment.points.map { point in
        point.candidates.first { $0.name == name }.flatMap { $0.speedup }
      }
      let predictions = points.compactMap { point -> LineChart.Sample? in
        guard let candidate = point.candidates.first(where: { $0.name == name }),
          candidate.speedup != nil, let predicted = candidate.predicted
        else { return nil }
        return LineChart.Sample(x: Double(point.parameter.value), value: predicted.interval)
      }
      let runs = runs(experiment.points, values)
      guard !runs.isEmpty else { return nil }
      return LineChart.Series(
        name: experiment.label(name), ink: experiment.ink(name, index + 1), mark: .of(index + 1),
        isDashed: experiment.yardstick(name) != nil, runs: runs, predictions: predictions)
    }
    let noise = points.compactMap { point in
      point.null.map { LineChart.Sample(x: Double(point.parameter.value), value: $0) }
    }
    return LineChart(
      title: "Speedup over \(experiment.baselineName)", subtitle: experiment.title,
      description: Words.speedups(experiment), xAxis: experiment.account.axis, format: .ratio,
      ticks: ticks(experiment), landmarks: landmarks(experiment, machine),
      gaps: gaps(experiment, points), series: series, noise: noise, noiseName: noiseName,
      showsUnity: true
    ).drawing()
  }

  private static func metricLines(
    _ experiment: ExperimentResult, _ points: [PointResult], _ machine: Machine
  ) -> Drawing {
    let view = MetricView(experiment)
    let series = experiment.variantNames.enumerated().compactMap {
      index, name -> LineChart.Series? in
      let values = experiment.points.map { point in
        point.variants.first { $0.name == name }.map { view.value($0, at: point) }
      }
      let runs = runs(experiment.points, values)
      guard !runs.isEmpty else { return nil }
      return LineChart.Series(
        name: experiment.label(name), ink: experiment.ink(name, index), mark: .of(index),
        isDashed: index == 0 || experiment.yardstick(name) != nil, runs: runs)
    }
    // Systems stand beside one another over users that were real or simulated.
    let known = BreakingPoints(experiment) == nil ? "" : ", \(experiment.knownBy.rawValue)"
    return LineChart(
      title: "\(capitalised(view.name))\(known), \(view.direction)", subtitle: experiment.title,
      description: Words.values(experiment), xAxis: experiment.account.axis,
      format: .quantity(view.metric.unit), ticks: ticks(experiment),
      landmarks: landmarks(experiment, machine), gaps: gaps(experiment, points), series: series
    ).drawing()
  }

  /// Neighbours in the sweep that were measured.
  private static func runs(
    _ points: [PointResult], _ values: [Interval?]
  ) -> [[LineChart.Sample]] {
    var runs: [[LineChart.Sample]] = [[]]
    for (point, value) in zip(points, values) {
      if let value, point.status == .measured {
        runs[runs.count - 1].append(
          LineChart.Sample(x: Double(point.parameter.value), value: value))
      } else if runs.last?.isEmpty == false {
        runs.append([])
      }
    }
    return runs.filter { !$0.isEmpty }
  }

  private static func ticks(_ experiment: ExperimentResult) -> [LineChart.Place] {
    experiment.points.map {
      LineChart.Place(x: Double($0.parameter.value), label: $0.parameter.label)
    }
  }

  private static func gaps(
    _ experiment: ExperimentResult, _ points: [PointResult]
  ) -> [Double] {
    let measured = Set(points.map(\.parameter))
    return experiment.points.map(\.parameter).filter { !measured.contains($0) }
      .map { Double($0.value) }
  }

  /// The sizes of the caches, where the axis is the size of what is touched; the users with which
  /// the curriculum has a system break.
  private static func landmarks(
    _ experiment: ExperimentResult, _ machine: Machine
  ) -> [LineChart.Place] {
    if let breaking = BreakingPoints(experiment) {
      return breaking.claims.enumerated().map { index, claim in
        let label = claim.users.label
        return LineChart.Place(
          x: Double(claim.users.value), label: index == 0 ? "claimed: \(label)" : label)
      }
    }
    guard experiment.account.axis.hasPrefix("working set") else { return [] }
    return machine.caches.sorted { $0.level < $1.level }.map {
      LineChart.Place(x: Double($0.bytes), label: "L\($0.level)")
    }
  }

  // MARK: Rows

  private static func speedupRows(
    _ experiment: ExperimentResult, _ points: [PointResult]
  ) -> Drawing {
    let names = experiment.candidateNames
    let groups = experiment.points.map { point -> DotPlot.Group in
      if let absent = absent(point, experiment) { return absent }
      let rows = names.enumerated().compactMap { index, name -> DotPlot.Row? in
        guard isMeasured(name, points) else { return nil }
        let candidate = point.candidates.first { $0.name == name }
        let text = candidate?.speedup.map { Figures.ratio($0.estimate) }
        return DotPlot.Row(
          label: experiment.label(name), value: candidate?.speedup,
          predicted: candidate?.predicted?.speedup,
          predictedRange: candidate?.predicted?.interval,
          text: text ?? Words.absence(candidate, point), ink: experiment.ink(name, index + 1),
          mark: .of(index + 1))
      }
      return DotPlot.Group(
        title: Answer.place(point, experiment.account.axis), rows: rows, noise: point.null)
    }
    return DotPlot(
      title: "Speedup over \(experiment.baselineName)", subtitle: experiment.title,
      description: Words.speedups(experiment), format: .ratio, groups: groups,
      showsUnity: true, noiseName: noiseName
    ).drawing()
  }

  /// One row for a point that was not measured.
  private static func absent(
    _ point: PointResult, _ experiment: ExperimentResult
  ) -> DotPlot.Group? {
    guard point.status != .measured else { return nil }
    let reason = point.reason ?? "no reason was given"
    let row = DotPlot.Row(
      label: point.status.rawValue, value: nil, text: reason, ink: .muted, mark: .saltire)
    return DotPlot.Group(title: Answer.place(point, experiment.account.axis), rows: [row])
  }

  /// A variant that is missing everywhere is named on the page, once.
  private static func isMeasured(_ name: String, _ points: [PointResult]) -> Bool {
    points.contains { $0.variants.contains { $0.name == name } }
  }

  private static func metricRows(
    _ experiment: ExperimentResult, _ points: [PointResult]
  ) -> Drawing {
    let view = MetricView(experiment)
    let groups = experiment.points.map { point -> DotPlot.Group in
      if let absent = absent(point, experiment) { return absent }
      let rows = experiment.variantNames.enumerated().compactMap { index, name -> DotPlot.Row? in
        guard isMeasured(name, points) else { return nil }
        let variant = point.variants.first { $0.name == name }
        let candidate = point.candidates.first { $0.name == name }
        let text = variant.map { view.text($0, at: point) }
        return DotPlot.Row(
          label: experiment.label(name), value: variant.map { view.value($0, at: point) },
          text: text ?? Words.absence(candidate, point), ink: experiment.ink(name, index),
          mark: .of(index))
      }
      return DotPlot.Group(
        title: Answer.place(point, experiment.account.axis), rows: rows)
    }
    return DotPlot(
      title: "\(capitalised(view.name)), \(view.direction)", subtitle: experiment.title,
      description: Words.values(experiment), format: .quantity(view.metric.unit), groups: groups
    ).drawing()
  }

  private static func capitalised(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
