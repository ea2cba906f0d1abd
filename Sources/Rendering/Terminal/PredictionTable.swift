import Results

/// Predictions as they were stored beside those of today's models, for the terminal.
public enum PredictionTable {
  /// One row for each candidate at each measured point, and a sentence on either side.
  /// - Parameters:
  ///   - then: as stored.
  ///   - now: the same measurements with today's predictions.
  ///   - missing: counts of measured values without a prediction today, by the number that the
  ///     model needs and the machine's results don't have.
  ///   - onlyRefuted: whether to show only refuted predictions: today's, or the stored one if there
  ///     is none today.
  ///   - givesReasons: whether the reasoning of today's predictions follows the table.
  public static func render(
    then: Results, now: Results, missing: [String: Int], name: String, onlyRefuted: Bool,
    givesReasons: Bool, width: Int, colour: Bool
  ) -> String {
    var table = TerminalTable([
      .init("experiment", shrinksTo: 18), .init("at", shrinksTo: 10),
      .init("measured", alignsRight: true), .init("then", alignsRight: true),
      .init("error", alignsRight: true), .init("now", alignsRight: true),
      .init("error", alignsRight: true),
    ])
    var reasons = ""
    for pair in pairs(then, now) where !onlyRefuted || pair.isRefuted {
      guard let speedup = pair.old.speedup else { continue }
      table.add(
        [.init(pair.id), .init(pair.place), .init(Figures.ratio(speedup), .bold)]
          + cells(pair.old) + cells(pair.new))
      if givesReasons, let predicted = pair.new.predicted {
        reasons += "\(pair.id), \(pair.place): \(predicted.because)\n"
      }
    }
    return name + "\n" + table.render(width: width, colour: colour) + reasons
      + lines(missing)
      + "then: \(PredictionSummary(then).sentence)\nnow:  \(PredictionSummary(now).sentence)\n"
  }

  private struct Pair {
    let id: String
    let place: String
    let old: CandidateResult
    let new: CandidateResult

    /// By today's prediction, or if there is none, by the stored one.
    var isRefuted: Bool { (new.predicted == nil ? old : new).isRefuted == true }
  }

  private static func lines(_ missing: [String: Int]) -> String {
    missing.sorted { $0.key < $1.key }.map { name, count in
      "not predicted now: this machine's results have no \(name) "
        + "(\(count) \(count == 1 ? "value" : "values"))\n"
    }.joined()
  }

  /// Those that were measured and are predicted on either side.
  private static func pairs(_ then: Results, _ now: Results) -> [Pair] {
    zip(then.experiments, now.experiments).flatMap { old, new in
      zip(old.points, new.points).flatMap { oldPoint, newPoint in
        zip(oldPoint.candidates, newPoint.candidates)
          .filter { $0.speedup != nil && ($0.predicted != nil || $1.predicted != nil) }
          .map { before, after in
            let place = key(oldPoint, old.account.axis)
            return Pair(
              id: old.id, place: "\(before.name), \(place)", old: before, new: after)
          }
      }
    }
  }

  /// The stored label, a number with the stored axis: scripts that compare the output of two
  /// versions of the models find a row by it.
  private static func key(_ point: PointResult, _ axis: String) -> String {
    let label = point.parameter.label
    guard label.allSatisfy(\.isNumber) else { return label }
    let isCounted = axis.prefix { $0.isLetter }.hasSuffix("s") && label != "1"
    return isCounted ? "\(label) \(axis)" : "\(axis) \(label)"
  }

  private static func cells(_ candidate: CandidateResult) -> [TerminalTable.Cell] {
    [
      .init(candidate.predicted.map { Figures.ratio($0.speedup) } ?? Figures.none),
      .init(
        candidate.predictionError.map(Figures.predictionError) ?? "",
        candidate.isRefuted == true ? .warning : .plain),
    ]
  }
}
