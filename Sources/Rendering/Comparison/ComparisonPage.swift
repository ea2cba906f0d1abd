import Results

/// The page of a comparison.
public struct ComparisonPage {
  private let comparison: Comparison
  private let gate: Gate?
  private let stem: String
  private let link: (_ side: Int, _ path: String) -> String?

  /// The page as `<stem>.md` and its charts beside it. The same comparison gives the same bytes.
  /// - Parameters:
  ///   - gate: what a gate found, where there is one.
  ///   - stem: the page's file name without its ending.
  ///   - link: from a path in a side's folder to what stands in the page; nil where the side has
  ///     no pages.
  public static func files(
    _ comparison: Comparison, gate: Gate? = nil, stem: String,
    link: @escaping (_ side: Int, _ path: String) -> String?
  ) -> [PageSet.File] {
    let page = ComparisonPage(comparison: comparison, gate: gate, stem: stem, link: link)
    let charts = page.charts.map { path, drawing in
      PageSet.File(path: path, drawing: drawing)
    }
    return [PageSet.File(path: stem + ".md", contents: page.text)] + charts
  }

  private var charts: [(path: String, drawing: Drawing)] {
    let ratios = comparison.pairs.enumerated().compactMap { index, pair in
      ComparisonCharts.ratios(pair).map { (ratiosPath(index), $0) }
    }
    return ratios + (ComparisonCharts.sideBySide(comparison).map { [(speedupsPath, $0)] } ?? [])
  }

  /// A link in Markdown takes no space, so that the charts' names have none.
  private func ratiosPath(_ pair: Int) -> String {
    PagePath.safe(stem) + "-ratios\(pair == 0 ? "" : "-\(pair + 1)").svg"
  }

  private var speedupsPath: String { PagePath.safe(stem) + "-speedups.svg" }

  private var isSingle: Bool { comparison.pairs.count == 1 }

  private var text: String {
    let names = comparison.sides.map { Markdown.text($0.name) }
    let title =
      isSingle
      ? Markdown.text(ComparisonText.title(comparison.pairs[0]))
      : "\(names.dropLast().joined(separator: ", ")) and \(names.last ?? "") compared"
    var blocks = ["# \(title)\n", findings, sides, method, gateSection]
    blocks += comparison.pairs.indices.flatMap(sections)
    blocks.append(sideBySide)
    blocks += comparison.pairs.indices.flatMap(details)
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var findings: String {
    comparison.pairs.map { pair in
      let name = isSingle ? "" : "\(Markdown.text(ComparisonText.title(pair))): "
      return "\(isSingle ? "" : "- ")**\(name)\(ComparisonText.finding(pair))** "
        + "\(ComparisonText.relation(pair))\n"
    }.joined()
  }

  private var sides: String {
    var table = Markdown.Table()
    table.columns = [
      ("", .left), ("machine", .left), ("run", .left), ("preset", .left), ("perflab", .left),
      ("measured", .right),
    ]
    table.rows = comparison.sides.enumerated().map { index, side in
      let (machine, run) = (side.results.machine, side.results.run)
      let name = Markdown.text(side.name)
      let measured = side.results.experiments.count { $0.status == .measured }
      return [
        link(index, PagePath.index).map { "[\(name)](\($0))" } ?? name,
        Markdown.text("\(machine.processor), \(machine.cores) cores"), Markdown.text(run.started),
        Markdown.code(run.preset), Markdown.text(run.version), String(measured),
      ]
    }
    return table.render()
  }

  private var method: String {
    "A ratio is a speedup of one run ÷ the same speedup of "
      + "\(Markdown.text(comparison.sides[0].name)), above 1 if the optimisation is now worth "
      + "more. Its interval follows from those of both runs and is widened, so that with "
      + "\(Figures.percent(Comparison.level)) confidence all \(comparison.count) "
      + "intervals contain their true ratios. A speedup differs if the whole interval lies beyond "
      + "2 % and beyond the nulls of both runs.\n"
  }

  private var gateSection: String {
    guard let gate else { return "" }
    let lines = ComparisonText.lines(gate).map { "- \(Markdown.text($0))\n" }
    let verdict = gate.isClosed ? "**Closed.**" : "**Open.**"
    let together = ComparisonText.together(gate).map { "\n\(Markdown.text($0))\n" } ?? ""
    return
      "## Gate at \(ComparisonText.share(gate))\n\n\(verdict) It closes if a speedup fell, or a "
      + "count of objects rose, by more than that.\n\n\(lines.joined())\(together)"
  }

  // MARK: One side against the first

  private func heading(_ text: String, pair index: Int) -> String {
    isSingle ? "## \(text)\n" : "### \(text)\n"
  }

  private func sections(_ index: Int) -> [String] {
    let pair = comparison.pairs[index]
    let title = isSingle ? "" : "## \(Markdown.text(ComparisonText.title(pair)))\n"
    let drawing = ComparisonCharts.ratios(pair)
    return [
      title,
      drawing.map { Markdown.image($0.title, path: ratiosPath(index)) } ?? "",
      section("Experiments", experiments(index), pair: index),
      section("Predicted differences", AgreementSection.render(pair), pair: index),
      section("Times", ComparisonTimes.render(pair), pair: index),
      section("Machine, build and conditions", ComparisonMachines.facts(pair), pair: index),
      section("The machines' numbers", ComparisonMachines.numbers(pair), pair: index),
    ]
  }

  private func details(_ index: Int) -> [String] {
    let pair = comparison.pairs[index]
    let suffix = isSingle ? "" : ": \(Markdown.text(ComparisonText.title(pair)))"
    let missing = ComparisonMachines.missing(pair)
    return [
      missing.isEmpty ? "" : "## Measured on one side only\(suffix)\n\n\(missing)",
      pair.candidates.isEmpty ? "" : "## All points\(suffix)\n\n\(points(pair))",
    ]
  }

  private func section(_ title: String, _ body: String, pair index: Int) -> String {
    body.isEmpty ? "" : heading(title, pair: index) + "\n" + body
  }

  private var sideBySide: String {
    guard let drawing = ComparisonCharts.sideBySide(comparison) else { return "" }
    return "## Where they differ\n\n" + Markdown.image(drawing.title, path: speedupsPath)
  }

  private func columns(_ pair: ComparedPair) -> [(
    title: String, alignment: Markdown.Table.Alignment
  )] {
    [
      (pair.left.name, .right), (pair.right.name, .right), ("ratio", .right), ("change", .left),
      ("predicted", .right), ("models", .left),
    ]
  }

  private func cells(_ candidate: ComparedCandidate) -> [String] {
    let ratio = ComparisonText.ratio(candidate)
    return [
      ComparisonText.speedup(candidate.left), ComparisonText.speedup(candidate.right),
      candidate.agreement == nil ? ratio : "**\(ratio)**", candidate.change.rawValue,
      candidate.predictedRatio.map(Figures.ratio) ?? Figures.none,
      ComparisonText.word(candidate.agreement),
    ]
  }

  private func experiments(_ index: Int) -> String {
    let pair = comparison.pairs[index]
    var table = Markdown.Table()
    table.columns =
      [("experiment", .left), ("variant, point", .left)] + columns(pair) + [
        ("points that differ", .right)
      ]
    table.rows = pair.experiments.compactMap { experiment in
      guard let leading = experiment.leading else { return nil }
      let name = Markdown.text(experiment.left.title)
      let path = link(index + 1, PagePath(experiment.right).page)
      let differing = experiment.candidates.count { $0.agreement != nil }
      let place = ComparisonText.place(leading, axis: experiment.left.account.axis)
      return [path.map { "[\(name)](\($0))" } ?? name, Markdown.text(place)] + cells(leading)
        + ["\(differing) of \(experiment.candidates.count)"]
    }
    guard !table.rows.isEmpty else { return "" }
    return "Each at its largest difference, or if there is none, at the headline of "
      + "\(Markdown.text(pair.left.name)).\n\n\(table.render())"
  }

  private func points(_ pair: ComparedPair) -> String {
    var table = Markdown.Table()
    table.columns = [("experiment", .left), ("variant, point", .left)] + columns(pair)
    table.rows = pair.experiments.flatMap { experiment in
      experiment.candidates.map { candidate in
        let place = ComparisonText.place(candidate, axis: experiment.left.account.axis)
        return [Markdown.code(experiment.id), Markdown.text(place)] + cells(candidate)
      }
    }
    return table.render()
  }
}
