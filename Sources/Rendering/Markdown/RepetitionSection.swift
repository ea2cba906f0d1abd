import Results

/// What a second session says of the same ratios.
enum RepetitionSection {
  /// Empty where nothing was measured twice.
  static func render(_ repetitions: [Repetition]) -> String {
    guard !repetitions.isEmpty else { return "" }
    var summary = Markdown.Table()
    summary.columns = [
      ("preset", .left), ("ratios", .right), ("second estimate inside", .right),
      ("intervals overlap", .right), ("median difference", .right), ("started", .left),
    ]
    summary.rows = repetitions.map { found in
      [
        Markdown.code(found.run.preset), String(found.ratios.count), share(found.inside),
        share(found.overlapping), found.medianDifference.map { percent($0) } ?? Figures.none,
        Markdown.text(found.run.started),
      ]
    }
    return """
      ## Repeatability

      The same ratios in two sessions, one after the other, each in passes as a run takes them. If \
      only chance differs between the sessions, the first interval holds the second estimate in \
      about five of six cases, and nearly all pairs of intervals overlap. Fewer mean that the \
      machine changes from one minute to the next.

      \(summary.render())
      \(repetitions.map(ratios).joined(separator: "\n"))
      """
  }

  private static func ratios(_ repetition: Repetition) -> String {
    var table = Markdown.Table()
    table.columns = [
      ("ratio, preset \(repetition.run.preset)", .left), ("first", .right),
      ("second", .right), ("difference", .right),
    ]
    table.rows = repetition.ratios.map { ratio in
      [
        Markdown.text(ratio.name), interval(ratio.first), interval(ratio.second),
        (ratio.difference < 0 ? "−" : "+") + percent(abs(ratio.difference)),
      ]
    }
    return table.render()
  }

  private static func interval(_ interval: Interval) -> String {
    let ends = [interval.estimate, interval.low, interval.high].map {
      Figures.fixed($0, places: 4)
    }
    return "\(ends[0]) (\(ends[1]) to \(ends[2]))"
  }

  private static func share(_ rate: CalibrationSummary.Rate) -> String {
    "\(rate.hits) of \(rate.trials)"
  }

  private static func percent(_ share: Double) -> String {
    Figures.fixed(share * 100, places: 2) + " %"
  }
}
