import Rendering
import Results

/// Results in short, for the terminal.
enum Summary {
  /// Writes a table, an experiment a row.
  static func show(_ results: [ExperimentResult]) {
    let table = ResultTable.experiments(
      results, width: Console.width(), colour: Console.colour)
    Console.write(table, to: 1)
  }

  static func line(_ result: ExperimentResult) -> String {
    guard result.status == .measured else {
      return "\(result.status.rawValue): \(result.reason ?? "no reason given")"
    }
    let all = result.points.flatMap { point in
      point.candidates.compactMap { candidate in candidate.speedup.map { (point, candidate, $0) } }
    }
    guard let best = all.max(by: { abs($0.2.estimate - 1) < abs($1.2.estimate - 1) }) else {
      return "measured, but no candidate has a result"
    }
    return "\(best.1.verdict.rawValue) \(Figures.ratio(best.2)) at \(best.0.parameter.label)"
      + (result.points.count > 1 ? ", of \(result.points.count) points" : "")
  }
}
