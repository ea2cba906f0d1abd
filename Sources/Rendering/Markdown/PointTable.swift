import Results

/// The figures of all points.
public enum PointTable {
  /// One table for a single candidate; for several, one of the variants' values and one of the
  /// candidates' speedups.
  public static func render(_ experiment: ExperimentResult) -> String {
    guard !experiment.points.isEmpty else { return "" }
    let unit = MetricView(experiment)
    let lead = "\(unit.name.prefix(1).uppercased() + unit.name.dropFirst()), \(unit.direction).\n\n"
    if experiment.candidateNames.count == 1 {
      return lead + merged(experiment).render() + absences(experiment)
    }
    return lead + values(experiment).render() + "\nSpeedup over "
      + "\(Markdown.text(experiment.baselineName)):\n\n" + speedups(experiment).render()
      + absences(experiment)
  }

  /// Why places in the table are empty.
  private static func absences(_ experiment: ExperimentResult) -> String {
    let lines = Absence.all(in: experiment).map {
      "- \(Markdown.text($0.place)): \(Markdown.text(Answer.ended($0.reason)))"
    }
    return lines.isEmpty ? "" : "\n" + lines.joined(separator: "\n") + "\n"
  }

  private static func merged(_ experiment: ExperimentResult) -> Markdown.Table {
    var table = values(experiment)
    let null = table.columns.removeLast()
    table.columns += speedupColumns + [null]
    for (index, point) in experiment.points.enumerated() {
      let null = table.rows[index].removeLast()
      table.rows[index] += speedupCells(point.candidates.first, point) + [null]
    }
    return table
  }

  private static func values(_ experiment: ExperimentResult) -> Markdown.Table {
    let names = experiment.variantNames
    let view = MetricView(experiment)
    var table = Markdown.Table()
    table.columns =
      [(experiment.account.axis, .left)] + names.map { ($0, .right) }
      + [("baseline against itself", .right)]
    for point in experiment.points {
      let cells = names.map { name -> String in
        guard let variant = point.variants.first(where: { $0.name == name }) else {
          return Figures.none
        }
        let value = Figures.quantity(view.value(variant, at: point), unit: variant.unit)
        return ([value] + view.rates(variant, at: point)).map(Markdown.text)
          .joined(separator: "<br>")
      }
      let null = point.null.map(Figures.ratio) ?? Figures.none
      table.rows.append([Markdown.text(point.parameter.label)] + cells + [null])
    }
    return table
  }

  private static let speedupColumns: [(title: String, alignment: Markdown.Table.Alignment)] = [
    ("speedup", .right), ("verdict", .left), ("predicted", .right), ("error", .right),
  ]

  private static func speedups(_ experiment: ExperimentResult) -> Markdown.Table {
    var table = Markdown.Table()
    table.columns =
      [(experiment.account.axis, .left), ("variant", .left)] + speedupColumns
    for point in experiment.points {
      for name in experiment.candidateNames {
        let candidate = point.candidates.first { $0.name == name }
        table.rows.append(
          [Markdown.text(point.parameter.label), Markdown.text(name)]
            + speedupCells(candidate, point))
      }
    }
    return table
  }

  private static func speedupCells(
    _ candidate: CandidateResult?, _ point: PointResult
  ) -> [String] {
    guard let candidate, let speedup = candidate.speedup else {
      let word = candidate?.verdict.rawValue ?? point.status.rawValue
      let predicted = candidate?.predicted.map { Figures.ratio($0.speedup) }
      return [Figures.none, word, predicted ?? Figures.none, Figures.none]
    }
    let error = candidate.predictionError.map(Figures.signedPercent) ?? Figures.none
    return [
      "**\(Figures.ratio(speedup))**", candidate.verdict.rawValue,
      candidate.predicted.map { Figures.ratio($0.speedup) } ?? Figures.none,
      candidate.isRefuted == true ? "\(error), refuted" : error,
    ]
  }
}
