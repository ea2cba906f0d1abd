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
    return HeadlineText.line(result) ?? "measured, but no candidate has a result"
  }
}
