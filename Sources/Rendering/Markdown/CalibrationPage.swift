import Results

/// The page that says how far the instrument can be trusted on a machine.
public enum CalibrationPage {
  /// Below the machine's folder.
  public static let path = "calibration.md"

  /// The page and its charts. The same calibration gives the same bytes.
  public static func files(_ calibration: Calibration) -> [PageSet.File] {
    let charts = calibration.series.enumerated().flatMap { index, series in
      CalibrationCharts.all(series).map { name, drawing in
        PageSet.File(path: chartPath(index, name), drawing: drawing)
      }
    }
    return [PageSet.File(path: path, contents: render(calibration))] + charts
  }

  private static func chartPath(_ index: Int, _ name: String) -> String {
    "calibration-\(index + 1)-\(name).svg"
  }

  /// The page.
  static func render(_ calibration: Calibration) -> String {
    let name = Markdown.text(calibration.machine.name)
    let runs = calibration.series.map(\.run) + (calibration.repetitions ?? []).map(\.run)
    let builds = Set(runs.map { BuildText.sentence($0.flags) })
    let intro = """
      # Calibration on \(name)

      Kernels whose ratio is known beforehand were compared by the same worker processes, blocks \
      and verdicts as every experiment. *Same* is one function compared with itself, *copy* two \
      copies of it at different places in the binary, and the planted slowdowns are exact amounts \
      of extra work. \(builds.sorted().joined(separator: " "))

      - *Found*: the interval excludes 1.00. `slower` takes more than 2 %.
      - *95 % within*: the 95th percentile of |ratio − 1|.
      - *Detects*: the smallest slowdown that at least nine of ten of these intervals would find.
      - *Smallest found*: at least nine times in ten, as was every larger one.

      """
    let sections = calibration.series.enumerated().map { section($1, index: $0) }
    let repetitions = RepetitionSection.render(calibration.repetitions ?? [])
    let blocks = [intro, conditions(calibration), repetitions] + sections
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// One line for the machine's index; nil where nothing was compared.
  static func line(_ calibration: Calibration) -> String? {
    guard let series = calibration.series.first(where: \.isQuiet) ?? calibration.series.first,
      !series.comparisons.isEmpty
    else { return nil }
    let row = CalibrationSummary(series).all
    let parts = [
      "\(row.falseVerdicts.hits) false verdicts in \(row.falseVerdicts.trials) comparisons",
      row.same.error95.map { "95 of 100 ratios of identical code within ±\(fine($0))" },
      row.same.detectable.map { "smallest slowdown found nine times in ten: \(fine($0))" },
    ]
    return "The instrument here ([calibration](\(path)), preset "
      + "\(Markdown.code(series.run.preset)), \(Markdown.text(series.run.started))): "
      + parts.compactMap { $0 }.joined(separator: "; ") + "."
  }

  /// What each surrounding costs, where more than one was tried.
  private static func conditions(_ calibration: Calibration) -> String {
    guard calibration.series.count > 1 else { return "" }
    var table = Markdown.Table()
    table.columns = [
      ("preset", .left), ("surroundings", .left), ("comparisons", .right),
      ("false verdicts", .right), ("same: 1.00 excluded", .right), ("95 % within", .right),
      ("detects", .right), ("blocks dropped", .right), ("time each", .right),
    ]
    table.rows = calibration.series.map { series in
      let row = CalibrationSummary(series).all
      let dropped = series.comparisons.reduce(0) { $0 + $1.discarded.values.reduce(0, +) }
      return [
        Markdown.code(series.run.preset), surroundings(series), String(series.comparisons.count),
        String(row.falseVerdicts.hits), count(row.same.misses), percent(row.same.error95),
        percent(row.same.detectable), String(dropped), seconds(row.secondsPerComparison),
      ]
    }
    return "## Effect of the surroundings\n\nOver all kinds of kernel together.\n\n"
      + table.render()
  }

  private static func section(_ series: CalibrationSeries, index: Int) -> String {
    let summary = CalibrationSummary(series)
    let charts = CalibrationCharts.all(series).map { name, drawing in
      Markdown.image(drawing.title, path: chartPath(index, name))
    }
    let method =
      "\(series.comparisons.count) comparisons, seed \(series.run.seed), started "
      + "\(Markdown.text(series.run.started)), perflab \(Markdown.text(series.run.version)).\n"
    let skipped = series.kinds.compactMap { kind in
      kind.reason.map { "- \(Markdown.text(kind.title)) was skipped: \(Markdown.text($0))\n" }
    }
    let blocks: [String] =
      ["## Preset \(Markdown.code(series.run.preset)), \(surroundings(series))\n", method]
      + skipped + charts
      + [
        identical(summary), planted(summary), spread(summary), addresses(series),
        unmeasured(series),
      ]
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func rows(
    _ summary: CalibrationSummary
  ) -> [(title: String, row: CalibrationSummary.Row)] {
    let kinds = summary.kinds.map { (Markdown.text($0.kind.title), $0.row) }
    return kinds.count > 1 ? kinds + [("**All**", summary.all)] : kinds
  }

  private static func identical(_ summary: CalibrationSummary) -> String {
    var table = Markdown.Table()
    table.columns = [
      ("kernel", .left), ("false verdicts, all pairs", .right), ("same: 1.00 excluded", .right),
      ("95 % within", .right), ("copy: 1.00 excluded", .right), ("95 % within", .right),
      ("median", .right), ("detects", .right), ("time each", .right),
    ]
    table.rows = rows(summary).map { title, row in
      [
        title, count(row.falseVerdicts), count(row.same.misses), percent(row.same.error95),
        count(row.copy.misses), percent(row.copy.error95),
        row.copy.centre.map { Figures.fixed($0, places: 4) } ?? Figures.none,
        percent(row.same.detectable), seconds(row.secondsPerComparison),
      ]
    }
    return "### Identical code\n\n\(table.render())"
  }

  private static func planted(_ summary: CalibrationSummary) -> String {
    let percents = summary.all.planted.map(\.percent)
    guard !percents.isEmpty else { return "" }
    var table = Markdown.Table()
    table.columns =
      [("kernel", .left)] + percents.map { ("\($0) %", .right) } + [("smallest found", .right)]
    table.rows = rows(summary).map { title, row in
      [title]
        + percents.map { percent in
          guard let effect = row.planted.first(where: { $0.percent == percent }) else {
            return Figures.none
          }
          return "\(count(effect.found)), \(effect.slower.hits) `slower`"
        } + [row.smallestFound.map { "\($0) %" } ?? Figures.none]
    }
    return "### Planted slowdowns\n\nHow many were found, and how many judged `slower`.\n\n"
      + table.render()
  }

  private static func spread(_ summary: CalibrationSummary) -> String {
    let known = rows(summary).compactMap { title, row in row.spread.map { (title, $0) } }
    guard !known.isEmpty else { return "" }
    var table = Markdown.Table()
    table.columns = [
      ("kernel", .left), ("time, within a process", .right),
      ("process and address layout", .right), ("place of the code", .right),
    ]
    table.rows = known.map { title, spread in
      [title, percent(spread.blocks), percent(spread.processes), percent(spread.code)]
    }
    return "### Where the spread comes from\n\nStandard deviations of a process's ratio: what its "
      + "blocks leave to chance, and what differs between processes beyond that. The last column "
      + "is how far the two copies of a function lie apart over all processes.\n\n"
      + table.render()
  }

  private static func addresses(_ series: CalibrationSeries) -> String {
    let lines = series.kinds.compactMap { kind -> String? in
      let copies = series.comparisons.first { $0.kind == kind.name && $0.pair == .copy }
      guard let code = copies?.code, code.count == 2 else { return nil }
      let places = code.map { "`0x\(String($0, radix: 16))` (\($0 % 64) past a line)" }
      return "- \(Markdown.text(kind.title)): \(places.joined(separator: " and "))"
    }
    return lines.isEmpty
      ? ""
      : "### The copies\n\nWhere the two copies begin, in bytes from the start of the binary.\n\n"
        + lines.joined(separator: "\n") + "\n"
  }

  private static func unmeasured(_ series: CalibrationSeries) -> String {
    var reasons: [String: Int] = [:]
    for comparison in series.comparisons where comparison.ratio == nil {
      reasons["\(comparison.kind): \(comparison.reason ?? "no ratio")", default: 0] += 1
    }
    let lines = reasons.sorted { $0.key < $1.key }.map { "- \($1) × \(Markdown.text($0))" }
    return lines.isEmpty
      ? "" : "### Comparisons without a ratio\n\n" + lines.joined(separator: "\n") + "\n"
  }

  private static func surroundings(_ series: CalibrationSeries) -> String {
    let neighbour =
      switch series.neighbour {
      case .none: "no neighbour"
      case .other: "a busy neighbour on another core"
      case .same: "a busy neighbour on the same core"
      }
    return neighbour + (series.isPinned ? "" : ", threads not pinned")
  }

  private static func count(_ rate: CalibrationSummary.Rate) -> String {
    rate.trials == 0 ? Figures.none : "\(rate.hits) of \(rate.trials)"
  }

  private static func percent(_ share: Double?) -> String { share.map(fine) ?? Figures.none }

  /// To the hundredth of a percent, which is what an instrument for one percent needs.
  private static func fine(_ share: Double) -> String {
    Figures.fixed(share * 100, places: 2) + " %"
  }

  private static func seconds(_ seconds: Double?) -> String {
    seconds.map { Figures.duration(seconds: $0) } ?? Figures.none
  }
}
