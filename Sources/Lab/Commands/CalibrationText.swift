import Rendering
import Results

/// What a calibration found, for the terminal.
enum CalibrationText {
  static func summary(_ series: CalibrationSeries) -> String {
    let summary = CalibrationSummary(series)
    var table = TerminalTable([
      .init("kernel"), .init("false verdicts", alignsRight: true),
      .init("same ≠ 1", alignsRight: true), .init("p95", alignsRight: true),
      .init("copy ≠ 1", alignsRight: true), .init("p95", alignsRight: true),
      .init("found", shrinksTo: 12), .init("detects", alignsRight: true),
      .init("time", alignsRight: true),
    ])
    for (kind, row) in summary.kinds { table.add(cells(kind.name, row)) }
    if summary.kinds.count > 1 { table.add(cells("all", summary.all)) }
    return table.render(width: Console.width(), colour: Console.colour)
      + "\nfound: planted slowdown: share whose interval excludes 1 (share judged slower)\n"
      + "detects: the smallest slowdown found nine times in ten, from comparisons of one function\n"
  }

  static func summary(_ repetition: Repetition) -> String {
    "measured twice: \(text(repetition.inside)) second estimates inside the first intervals, "
      + "\(text(repetition.overlapping)) intervals overlap, median difference "
      + "\(percent(repetition.medianDifference))\n"
  }

  private static func cells(
    _ name: String, _ row: CalibrationSummary.Row
  ) -> [TerminalTable.Cell] {
    let isClean = row.falseVerdicts.hits == 0
    return [
      .init(name, .bold), .init(text(row.falseVerdicts), isClean ? .good : .bad),
      .init(text(row.same.misses)), .init(percent(row.same.error95)),
      .init(text(row.copy.misses)), .init(percent(row.copy.error95)),
      .init(
        row.planted.map { "\($0.percent)%: \(share($0.found)) (\(share($0.slower)))" }
          .joined(separator: " ")),
      .init(percent(row.same.detectable)),
      .init(row.secondsPerComparison.map { Figures.duration(seconds: $0) } ?? Figures.none),
    ]
  }

  private static func text(_ rate: CalibrationSummary.Rate) -> String {
    rate.trials == 0 ? Figures.none : "\(rate.hits)/\(rate.trials)"
  }

  private static func share(_ rate: CalibrationSummary.Rate) -> String {
    rate.share.map { Figures.percent($0.estimate) } ?? Figures.none
  }

  private static func percent(_ share: Double?) -> String {
    share.map { Figures.fixed($0 * 100, places: 2) + " %" } ?? Figures.none
  }
}
