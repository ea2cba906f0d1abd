import Rendering
import Results

/// Results in short, for the terminal.
enum Summary {
  /// Writes a table, an experiment a row.
  static func show(_ results: [ExperimentResult]) throws(LabError) {
    let table = ResultTable.experiments(
      results, width: Console.width(), colour: Console.colour)
    try Console.result(table)
  }

  static func line(_ outcome: Outcome) -> String {
    guard outcome.status == .measured else {
      return "\(outcome.status.rawValue): \(outcome.reason ?? "no reason given")"
    }
    return HeadlineText.line(outcome) ?? "measured, but no candidate has a result"
  }
}
