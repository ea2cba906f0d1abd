import Results

/// The figures of all points.
public enum PointTable {
  /// One table for a single candidate; for several, one of the variants' values and one of the
  /// candidates' speedups.
  public static func render(_ experiment: ExperimentResult) -> String {
    let points = experiment.points.filter { hasFigures($0, of: experiment) }
    let without = experiment.account.noYardstick.map {
      "Compared with no peer and no limit: \(Markdown.text(Answer.ended($0)))\n"
    }
    let parts = [
      points.isEmpty ? "" : figures(experiment, points), absences(experiment), without ?? "",
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func figures(_ experiment: ExperimentResult, _ points: [PointResult]) -> String {
    let view = MetricView(experiment)
    let lead = "\(view.name.prefix(1).uppercased() + view.name.dropFirst()), \(view.direction).\n\n"
    let shown = experiment.candidateNames.filter { name in
      points.contains { point in
        point.candidates.contains { $0.name == name && hasFigures($0, of: experiment) }
      }
    }
    if shown.count <= 1, let only = shown.first ?? experiment.candidateNames.first {
      return lead + merged(experiment, points, only).render()
    }
    let speedups = speedups(experiment, points)
    return lead + values(experiment, points).render()
      + (speedups.rows.isEmpty
        ? ""
        : "\nSpeedup over \(Markdown.text(experiment.baselineName)):\n\n\(speedups.render())")
  }

  /// Whether there is a row for it: what was neither measured nor predicted is told in one line,
  /// and what was only predicted stands among the predictions where these are values.
  private static func hasFigures(_ point: PointResult, of experiment: ExperimentResult) -> Bool {
    point.status == .measured
      || point.candidates.contains { hasFigures($0, of: experiment) }
  }

  private static func hasFigures(
    _ candidate: CandidateResult, of experiment: ExperimentResult
  ) -> Bool {
    candidate.speedup != nil || candidate.predicted != nil && !experiment.showsTerms
  }

  /// Why places in the table are empty.
  private static func absences(_ experiment: ExperimentResult) -> String {
    let lines = Absence.all(in: experiment).map {
      "- \(Markdown.text($0.place)): \(Markdown.text(Answer.ended($0.reason)))"
    }
    return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
  }

  private static func merged(
    _ experiment: ExperimentResult, _ points: [PointResult], _ name: String
  ) -> Markdown.Table {
    var table = values(experiment, points)
    let isPredicted = isPredicted(points, of: experiment)
    table.columns += speedupColumns + (isPredicted ? predictedColumns : [])
    for (index, point) in points.enumerated() {
      let candidate = point.candidates.first { $0.name == name }
      table.rows[index] += speedupCells(candidate, point)
      if isPredicted { table.rows[index] += predictedCells(candidate) }
    }
    return table
  }

  private static func values(
    _ experiment: ExperimentResult, _ points: [PointResult]
  ) -> Markdown.Table {
    let names = experiment.variantNames.filter { name in
      points.contains { $0.variants.contains { $0.name == name } }
    }
    let view = MetricView(experiment)
    var table = Markdown.Table()
    table.columns =
      [(experiment.account.axis, .left)] + names.map { (experiment.label($0), .right) }
    table.rows = points.map { point in
      let cells = names.map { name -> String in
        guard let variant = point.variants.first(where: { $0.name == name }) else {
          return Figures.none
        }
        let value = Figures.quantity(view.value(variant, at: point), unit: variant.unit)
        return ([value] + view.rates(variant, at: point)).map(Markdown.text)
          .joined(separator: "<br>")
      }
      return [Markdown.text(Answer.label(point.parameter.label))] + cells
    }
    return table
  }

  private static let speedupColumns: [(title: String, alignment: Markdown.Table.Alignment)] = [
    ("speedup", .right), ("verdict", .left),
  ]
  private static let predictedColumns: [(title: String, alignment: Markdown.Table.Alignment)] = [
    ("predicted", .right), ("error", .right),
  ]

  /// Whether predictions stand here: those with terms have a table of their own.
  private static func isPredicted(
    _ points: [PointResult], of experiment: ExperimentResult
  ) -> Bool {
    !experiment.showsTerms && points.contains { $0.candidates.contains { $0.predicted != nil } }
  }

  private static func speedups(
    _ experiment: ExperimentResult, _ points: [PointResult]
  ) -> Markdown.Table {
    var table = Markdown.Table()
    let isPredicted = isPredicted(points, of: experiment)
    table.columns =
      [(experiment.account.axis, .left), ("variant", .left)] + speedupColumns
      + (isPredicted ? predictedColumns : [])
    let kinds = YardstickKind.allCases.filter(experiment.isMeasured)
    table.columns += kinds.map { ($0 == .peer ? "of the best peer" : "of the limit", .left) }
    for point in points {
      for candidate in point.candidates where hasFigures(candidate, of: experiment) {
        table.rows.append(
          [Answer.label(point.parameter.label), experiment.label(candidate.name)].map(Markdown.text)
            + speedupCells(candidate, point) + (isPredicted ? predictedCells(candidate) : [])
            + kinds.map { yardstickCell(candidate, $0, experiment) })
      }
    }
    return table
  }

  private static func speedupCells(
    _ candidate: CandidateResult?, _ point: PointResult
  ) -> [String] {
    guard let candidate, let speedup = candidate.speedup else {
      return [Figures.none, candidate?.verdict.rawValue ?? point.status.rawValue]
    }
    let doubt = point.doubt(of: candidate).map { " (\(word($0)))" } ?? ""
    return ["**\(Figures.ratio(speedup))**", candidate.verdict.rawValue + doubt]
  }

  private static func word(_ doubt: Doubt) -> String {
    switch doubt {
    case .fewProcesses: "too few processes"
    case .direction: "includes 1"
    case .noise: "noise floor"
    case .small: "below 2%"
    case .disturbed: "disturbed"
    }
  }

  private static func yardstickCell(
    _ candidate: CandidateResult, _ kind: YardstickKind, _ experiment: ExperimentResult
  ) -> String {
    let found = experiment.ratio(of: candidate, to: kind)
    return Markdown.text(found.map(kind == .peer ? YardstickText.peer : YardstickText.limit) ?? "")
  }

  private static func predictedCells(_ candidate: CandidateResult?) -> [String] {
    let predicted = candidate?.predicted.map { Figures.ratio($0.speedup) } ?? Figures.none
    let error = candidate?.predictionError.map(Figures.predictionError) ?? Figures.none
    return [predicted, candidate?.isRefuted == true ? "\(error), refuted" : error]
  }
}
