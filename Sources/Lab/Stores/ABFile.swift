import Rendering
import Results

extension ABComparison: StoredDocument {}

/// Where a comparison in turns is written, beside the terminal.
struct ABFile {
  /// Nil for none.
  let markdown: String?
  /// Nil for none.
  let json: String?

  /// - Parameter gate: the share by which nothing may be slower; nil for no gate.
  func write(_ comparison: ABComparison, gate: Double?) throws(LabError) {
    try Console.result(
      ABTable.render(
        comparison, gate: gate, width: Console.width(), colour: Console.colour))
    if let json { try Files.write(try StoredJSON.encode(comparison), to: json) }
    if let markdown {
      try Files.write(Array(ABPage.render(comparison, gate: gate).utf8), to: markdown)
    }
  }
}
