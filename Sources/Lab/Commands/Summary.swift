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

  static func line(_ outcome: Outcome) -> String {
    guard outcome.status == .measured else {
      return "\(outcome.status.rawValue): \(outcome.reason ?? "no reason given")"
    }
    guard let verdict = outcome.verdict, let speedup = outcome.speedup, let point = outcome.point
    else { return "measured, but no candidate has a result" }
    return "\(verdict.rawValue) \(Figures.ratio(speedup)) at \(point)"
      + (outcome.points > 1 ? ", of \(outcome.points) points" : "")
  }
}
