import Results

/// Everything that goes under `Reports/<machine>/` beside the results themselves.
public enum PageSet {
  /// A file to be written.
  public struct File: Equatable, Sendable {
    /// Below the machine's folder, with slashes.
    public let path: String
    let body: Body

    enum Body: Equatable, Sendable {
      case text(String)
      case drawing(Drawing)
    }

    init(path: String, contents: String) {
      self.path = path
      body = .text(contents)
    }

    init(path: String, drawing: Drawing) {
      self.path = path
      body = .drawing(drawing)
    }

    /// To be written in UTF-8.
    public var contents: String {
      switch body {
      case .text(let text): text
      case .drawing(let drawing): SVG.render(drawing)
      }
    }
  }

  /// All pages and charts, the index first. The same results give the same bytes.
  public static func render(_ results: Results, with inputs: PageInputs = PageInputs()) -> [File] {
    let index = IndexPage.render(results, calibration: inputs.calibration)
    var files = [File(path: PagePath.index, contents: index)]
    add(IndexCharts.speedups(results), at: PagePath.indexSpeedups, to: &files)
    add(IndexCharts.predictions(results), at: PagePath.indexPredictions, to: &files)
    if let bill = BillPage.render(results) {
      files.append(File(path: BillPage.path, contents: bill))
    }
    for stage in JourneyPage.stages {
      guard let page = JourneyPage(stage, results) else { continue }
      files.append(File(path: stage.path, contents: page.render()))
    }
    if let page = StranglerPage(results) {
      files.append(File(path: StranglerPage.path, contents: page.render()))
    }
    for experiment in results.experiments {
      let path = PagePath(experiment)
      let page = ExperimentPage.render(experiment, of: results, with: inputs)
      files.append(File(path: path.page, contents: page))
      let machine = results.machine
      add(ExperimentCharts.speedup(experiment, machine: machine), at: path.speedup, to: &files)
      add(ExperimentCharts.metric(experiment, machine: machine), at: path.metric, to: &files)
      add(ScalingChart.drawing(experiment), at: path.scaling, to: &files)
      add(TermChart(experiment)?.drawing(), at: path.terms, to: &files)
      add(DecisionChart.drawing(experiment), at: path.decides, to: &files)
      let trend = Trend(experiment, history: inputs.history)
      add(trend.map { TrendChart.drawing($0, of: experiment) }, at: path.trend, to: &files)
    }
    return files
  }

  /// The page of the machine's numbers with its charts.
  public static func render(_ numbers: Numbers) -> [File] {
    var files = [File(path: PagePath.numbers, contents: NumbersPage.render(numbers))]
    add(NumbersCharts.times(numbers), at: PagePath.numbersChart, to: &files)
    for series in numbers.series {
      let drawing = NumbersCharts.series(
        series, machine: numbers.machine, team: numbers.team)
      add(drawing, at: PagePath.series(series.name), to: &files)
    }
    return files
  }

  /// Flame graphs and folded stacks.
  /// - Parameter axis: of the experiment's sweep.
  public static func render(_ set: ProfileSet, axis: String) -> [File] {
    let path = PagePath(id: set.id)
    var files: [File] = []
    for profile in set.profiles {
      files.append(
        File(path: path.folded(profile.variant), contents: FoldedStacks.text(profile)))
      let drawing = FlameGraph.drawing(profile, of: set.id, axis: axis)
      add(drawing, at: path.flame(profile.variant), to: &files)
    }
    return files
  }

  private static func add(_ drawing: Drawing?, at path: String, to files: inout [File]) {
    if let drawing { files.append(File(path: path, drawing: drawing)) }
  }
}
