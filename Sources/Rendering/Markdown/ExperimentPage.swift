import Results

/// The page of one experiment.
public enum ExperimentPage {
  /// A whole page. Its charts lie beside it, as `PagePath` names them.
  public static func render(
    _ experiment: ExperimentResult, of results: Results, with inputs: PageInputs = PageInputs()
  ) -> String {
    let area = PagePath(experiment).area + "/"
    return render(experiment, of: results, with: inputs, level: 1) { path in
      path.hasPrefix(area) ? String(path.dropFirst(area.count)) : "../" + path
    }
  }

  /// The same for another place.
  /// - Parameters:
  ///   - level: of the title, from 1; sections lie one below.
  ///   - link: from a path in the machine's folder to what stands in the page.
  static func render(
    _ experiment: ExperimentResult, of results: Results, with inputs: PageInputs, level: Int,
    link: (String) -> String
  ) -> String {
    let marks = String(repeating: "#", count: level)
    func section(_ title: String, _ parts: String...) -> String {
      let kept = parts.map(ending).filter { !$0.isEmpty }
      return kept.isEmpty ? "" : "\(marks)# \(title)\n\n" + kept.joined(separator: "\n")
    }
    let account = experiment.account
    let machine = results.machine
    let trend = Trend(experiment, history: inputs.history)
    let flames = FlameSection.render(
      inputs.profiles[experiment.id], experiment: experiment, link: link)
    let blocks = [
      "\(marks) \(Markdown.text(experiment.title))\n",
      ending(EvidenceText.line(experiment)),
      Answer.markdown(experiment) + "\n",
      "> \(quoted(account.claim))\n",
      charts(experiment, machine, link),
      section("Before and after", DiagramBlock.render(experiment), SourceBlock.render(experiment)),
      section(
        "Figures", PointTable.render(experiment), ScalingTable.render(experiment),
        PercentileTable.render(experiment)),
      section("What decides", DecisionSection.render(experiment, link)),
      section(
        "Why", Markdown.prose(account.mechanism.replacing("{point}", with: place(experiment))),
        SignalTable.render(experiment, missing: MissingCounters(results)),
        CountsTable.render(inputs.counts[experiment.id])),
      section("Where the time goes", flames),
      section("When it does not help", Markdown.prose(account.limits)),
      section("Predicted and \(experiment.knownBy.rawValue)", predicted(experiment, machine, link)),
      section("Over time", over(trend, experiment, link)),
      section(
        "How it was \(experiment.knownBy.rawValue)", method(experiment, results.run, link),
        device(experiment, machine)),
      footer(experiment, machine, link),
    ]
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func ending(_ text: String) -> String {
    text.isEmpty || text.hasSuffix("\n") ? text : text + "\n"
  }

  /// Of the headline, whose figures stand beside the text.
  private static func place(_ experiment: ExperimentResult) -> String {
    experiment.headline?.point.parameter.label ?? "the \(experiment.account.axis)"
  }

  private static func quoted(_ text: String) -> String {
    Markdown.prose(text).split(separator: "\n").joined(separator: "\n> ")
  }

  private static func charts(
    _ experiment: ExperimentResult, _ machine: Machine, _ link: (String) -> String
  ) -> String {
    let path = PagePath(experiment)
    var result = ""
    if ExperimentCharts.speedup(experiment, machine: machine) != nil {
      result += Markdown.image(
        "Speedup over \(experiment.baselineName) against \(experiment.account.axis)",
        path: link(path.speedup))
    }
    if ExperimentCharts.metric(experiment, machine: machine) != nil {
      result += result.isEmpty ? "" : "\n"
      result += Markdown.image(
        "\(MetricView(experiment).name) against \(experiment.account.axis)",
        path: link(path.metric))
    }
    if ScalingChart.drawing(experiment) != nil {
      result +=
        "\n"
        + Markdown.image(
          "Speedup over its own throughput against \(experiment.account.axis)",
          path: link(path.scaling))
    }
    return result
  }

  private static func predicted(
    _ experiment: ExperimentResult, _ machine: Machine, _ link: (String) -> String
  ) -> String {
    if experiment.measuredPoints.isEmpty { return "" }
    let chart = TermChart(experiment) == nil ? nil : link(PagePath(experiment).terms)
    let numbers = machine.numbers.isEmpty ? nil : link(PagePath.numbers)
    return PredictionText.render(experiment, chart: chart, numbers: numbers)
  }

  private static func over(
    _ trend: Trend?, _ experiment: ExperimentResult, _ link: (String) -> String
  ) -> String {
    guard let trend else { return "" }
    return Markdown.image("Speedup over the runs", path: link(PagePath(experiment).trend)) + "\n"
      + TrendTable.render(trend, of: experiment)
  }

  private static func method(
    _ experiment: ExperimentResult, _ run: Run, _ link: (String) -> String
  ) -> String {
    experiment.points.isEmpty
      ? "" : MethodText.render(experiment, latest: run, index: link(PagePath.index))
  }

  /// What experiments on files rest on.
  private static func device(_ experiment: ExperimentResult, _ machine: Machine) -> String {
    experiment.account.slot.hasPrefix("performance/storage/") && !experiment.points.isEmpty
      ? DeviceText.sentences(machine.numbers) : ""
  }

  private static func footer(
    _ experiment: ExperimentResult, _ machine: Machine, _ link: (String) -> String
  ) -> String {
    "---\n\n\(Markdown.code(experiment.id)) · \(Markdown.text(experiment.account.slot)) · "
      + "[all experiments on \(Markdown.text(machine.name))](\(link(PagePath.index)))\n"
  }
}
