import Results

/// A stage of the growth of a system: what broke, what was changed, and what that was worth here, as
/// one diagram and one table, and over users where that is what was varied.
struct JourneyPage {
  /// A stage of the curriculum.
  struct Stage {
    /// `scale/10k`
    let category: String
    /// `From 1,000 to 10,000 users`
    let title: String

    /// The number of users with which the curriculum has the stage break, by group.
    var claims: [String: Parameter] = [:]

    /// Below the machine's folder.
    var path: String { "\(category).md" }
  }

  static let stages = [
    Stage(
      category: "scale/10k", title: "From 1,000 to 10,000 users",
      claims: [
        "connections": Parameter(value: 2_000, label: "2,000"),
        "single point of failure": Parameter(value: 5_000, label: "5,000"),
        "degradation": Parameter(value: 8_000, label: "8,000"),
      ]),
    Stage(category: "scale/100k", title: "From 10,000 to 100,000 users"),
    Stage(category: "scale/1m", title: "From 100,000 to 1,000,000 users"),
    Stage(category: "scale/100m", title: "From 1,000,000 to 100,000,000 users"),
  ]

  private let stage: Stage
  private let machine: Machine
  /// Groups with their experiments, in the order of the curriculum.
  private let groups: [(name: String, experiments: [ExperimentResult])]

  /// Nil where nothing of the stage has a result.
  init?(_ stage: Stage, _ results: Results) {
    self.stage = stage
    machine = results.machine
    groups = Curriculum.groups.filter { $0.category == stage.category }.compactMap { group in
      let found = results.experiments.filter {
        $0.account.slot == group.id && $0.headline != nil
      }
      return found.isEmpty ? nil : (Self.name(of: group.id), found)
    }
    if groups.isEmpty { return nil }
  }

  /// A whole page.
  func render() -> String {
    let experiments = groups.flatMap(\.experiments)
    return """
      # \(stage.title)

      \(lead(experiments))

      \(Markdown.fenced(diagram, language: "mermaid"))
      ## Each change

      The speedup is baseline ÷ candidate at the point that the experiment's page chose \
      beforehand, above 1 is better. *Measured* is real code on this machine, *simulated* a system \
      that the simulator ran, *computed* a model over measured and cited figures. A change's page \
      has the sources of its figures, and of prices their dates.

      \(tables)\(overUsers(experiments))[All experiments](../\(PagePath.index))

      """
  }

  /// All values of those that were tried with several numbers of users: where a stage breaks, and what
  /// it costs. Empty without any.
  private func overUsers(_ experiments: [ExperimentResult]) -> String {
    let own = experiments.filter { $0.account.axis == "users" && $0.points.count > 1 }
    guard !own.isEmpty else { return "" }
    let blocks = own.map { experiment in
      "### [\(Markdown.text(experiment.title))](\(link(experiment))), "
        + "\(experiment.knownBy.rawValue)\n\n"
        + (BreakingPoints(experiment)?.render() ?? "") + chart(experiment)
        + PointTable.render(experiment) + "\n"
    }
    return "## Over users\n\n" + blocks.joined()
  }

  private func chart(_ experiment: ExperimentResult) -> String {
    guard ExperimentCharts.metric(experiment, machine: machine) != nil else { return "" }
    let name = MetricView(experiment).name
    return Markdown.image("\(name) against users", path: "../\(PagePath(experiment).metric)") + "\n"
  }

  /// What the curriculum claims of a slot: of its group, or of the whole stage where its group is
  /// what all of that leads to; in ascending order.
  static func claims(of slot: String) -> [(group: String, users: Parameter)] {
    guard let stage = stages.first(where: { slot.hasPrefix($0.category + "/") }) else { return [] }
    let own = stage.claims.filter { $0.key == name(of: slot) }
    return (own.isEmpty ? stage.claims : own).sorted { $0.value.value < $1.value.value }
      .map { ($0.key, $0.value) }
  }

  /// `single point of failure`
  private static func name(of slot: String) -> String {
    String(slot.split(separator: "/").last ?? "").replacing("-", with: " ")
  }

  private func lead(_ experiments: [ExperimentResult]) -> String {
    let gains = experiments.count { $0.headline?.candidate.verdict == .faster }
    let known = EvidenceText.counts(experiments.map(\.knownBy))
    let first =
      experiments.count == 1
      ? "One change, \(experiments[0].knownBy.rawValue). It is \(gains == 1 ? "" : "not ")better at "
        + "the headline."
      : "\(experiments.count) changes: \(known). \(gains) of them "
        + "\(gains == 1 ? "is" : "are") better at the headline."
    return first + surprise(experiments)
  }

  /// The change whose prediction was furthest off, since that is what a reader does not expect.
  private func surprise(_ experiments: [ExperimentResult]) -> String {
    let refuted = experiments.compactMap { experiment in
      experiment.headline.flatMap { headline in
        headline.candidate.isRefuted == true
          ? headline.candidate.predictionError.map { (experiment, headline.candidate, $0) } : nil
      }
    }
    // As far as its half is the double.
    let worst = refuted.max { distance($0.2) < distance($1.2) }
    guard let (experiment, candidate, _) = worst, let predicted = candidate.predicted?.speedup,
      let speedup = candidate.speedup
    else { return "" }
    return " The prediction was refuted at \(refuted.count) of them, and furthest off at "
      + "[\(Markdown.text(experiment.title))](\(link(experiment))): \(Figures.ratio(predicted)) "
      + "predicted and \(Figures.ratio(speedup)) \(experiment.knownBy.rawValue), in "
      + "\(Markdown.text(MetricView(experiment).name))."
  }

  private func distance(_ error: Double) -> Double { max(1 + error, 1 / (1 + error)) }

  private func link(_ experiment: ExperimentResult) -> String {
    "../\(PagePath(experiment).page)"
  }

  /// A box for each group, in which every experiment stands with its two values.
  private var diagram: String {
    var lines = ["flowchart TB"]
    for (number, group) in groups.enumerated() {
      let claim = stage.claims[group.name].map { ", claimed to break at \($0.label) users" } ?? ""
      lines.append("  subgraph g\(number)[\"\(group.name)\(claim)\"]")
      lines.append("    direction LR")
      for (index, experiment) in group.experiments.enumerated() {
        lines.append("    g\(number)e\(index)[\"\(box(experiment))\"]")
      }
      lines.append("  end")
    }
    for number in groups.indices.dropFirst() { lines.append("  g\(number - 1) --> g\(number)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func box(_ experiment: ExperimentResult) -> String {
    guard let headline = experiment.headline, let before = headline.before,
      let after = headline.after
    else { return experiment.name }
    let view = MetricView(experiment)
    // A value keeps its unit beside it.
    let change = [before, after].map { variant in
      let value = view.text(variant, at: headline.point).replacing(" ", with: "\u{A0}")
      return "\(variant.name): \(value)"
    }
    return DiagramBlock.escaped(experiment.name.replacing("-", with: " ")) + "<br>"
      + DiagramBlock.escaped(view.name) + "<br>"
      + change.map(DiagramBlock.escaped).joined(separator: "<br>")
  }

  /// One for each group.
  private var tables: String {
    let blocks = groups.map { group in
      var table = Markdown.Table()
      table.columns = [
        ("change", .left), ("at", .left), ("before", .right), ("after", .right),
        ("speedup", .right), ("verdict", .left), ("predicted", .right), ("evidence", .left),
      ]
      table.rows = group.experiments.map(row)
      return "### \(group.name)\n\n\(table.render())\n"
    }
    return blocks.joined()
  }

  private func row(_ experiment: ExperimentResult) -> [String] {
    // Groups hold no experiment without one.
    guard let headline = experiment.headline else { return [] }
    let (view, candidate) = (MetricView(experiment), headline.candidate)
    let values = [headline.before, headline.after].map { variant in
      variant.map { view.text($0, at: headline.point) } ?? Figures.none
    }
    return [
      "[\(Markdown.text(experiment.title))](\(link(experiment))), \(Markdown.text(view.name))",
      Markdown.text(Answer.place(headline.point, experiment.account.axis)),
    ] + values.map(Markdown.text) + [
      candidate.speedup.map { "**\(Figures.ratio($0))**" } ?? Figures.none,
      candidate.verdict.rawValue,
      candidate.predicted.map { Figures.ratio($0.speedup) } ?? Figures.none,
      experiment.knownBy.rawValue,
    ]
  }
}
