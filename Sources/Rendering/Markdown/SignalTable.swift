import Results

/// What the counters say before and after, or what a simulation or a computation shows besides.
enum SignalTable {
  /// Counters that follow from others: processor time is user and system time together.
  private static let derived: Set<String> = ["cpu time", "system share"]
  /// What is rarer than this in a call, or takes less of its time, says nothing.
  private static let least = 0.01

  /// The signals that the experiment names first, then whatever else has something to say. Empty
  /// where nothing was counted.
  /// - Parameter missing: what the machine does not count at all, which its index explains.
  static func render(_ experiment: ExperimentResult, missing: MissingCounters) -> String {
    guard let point = experiment.headline?.point ?? experiment.measuredPoints.first else {
      return ""
    }
    if experiment.knownBy != .measured { return figures(experiment, at: point) }
    let signals = experiment.account.signals
    let named = signals.filter { isCounted($0, in: point) }
    let others = Set(point.variants.flatMap { $0.counters.keys }).subtracting(signals).sorted()
      .filter { !derived.contains($0) && tells($0, in: point) }
    let parts = [
      table(named, others, at: point, of: experiment),
      absences(signals.filter { !named.contains($0) }, in: point, missing),
    ]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func table(
    _ named: [String], _ others: [String], at point: PointResult, of experiment: ExperimentResult
  ) -> String {
    guard !(named + others).isEmpty else { return "" }
    var table = Markdown.Table()
    table.columns =
      [("per kernel call", .left)] + point.variants.map { (experiment.label($0.name), .right) }
    table.rows = (named + others).map { name in
      let label = named.contains(name) ? "**\(Markdown.text(name))**" : Markdown.text(name)
      return [label] + point.variants.map { cell($0.counters[name]) }
    }
    let lead = "Counted \(Markdown.text(Answer.at(point, experiment.account)))"
    return "\(lead)\(named.isEmpty ? "" : "; in bold, the symptom"):\n\n\(table.render())"
  }

  /// Quantities beside the metric of what was simulated or computed, those that the experiment
  /// names first.
  private static func figures(_ experiment: ExperimentResult, at point: PointResult) -> String {
    let signals = experiment.account.signals.filter { isCounted($0, in: point) }
    let others = Set(point.variants.flatMap { $0.counters.keys }).subtracting(signals)
      .subtracting([experiment.account.metric.name]).sorted().filter { isCounted($0, in: point) }
    guard !(signals + others).isEmpty else { return "" }
    var table = Markdown.Table()
    table.columns = [("", .left)] + point.variants.map { (experiment.label($0.name), .right) }
    table.rows = (signals + others).map { name in
      [Markdown.text(name)] + point.variants.map { cell($0.counters[name]) }
    }
    let place = Markdown.text(Answer.at(point, experiment.account))
    return "Other figures \(place):\n\n\(table.render())"
  }

  /// One of them at all points.
  static func overSweep(_ name: String, of experiment: ExperimentResult) -> String {
    let points = experiment.points.filter { isCounted(name, in: $0) }
    guard !points.isEmpty else { return "" }
    let variants = experiment.variantNames
    var table = Markdown.Table()
    table.columns =
      [(experiment.account.axis, .left)] + variants.map { (experiment.label($0), .right) }
    table.rows = points.map { point in
      [Markdown.text(Answer.label(point.parameter.label))]
        + variants.map { variant in
          cell(point.variants.first { $0.name == variant }?.counters[name])
        }
    }
    return "\(Markdown.text(name.prefix(1).uppercased() + name.dropFirst())):\n\n"
      + "\(table.render())\n"
  }

  private static func isCounted(_ name: String, in point: PointResult) -> Bool {
    point.variants.contains { $0.counters[name]?.value != nil }
  }

  /// Whether a counter that no one asked for has anything to say.
  private static func tells(_ name: String, in point: PointResult) -> Bool {
    point.variants.contains { variant in
      guard let counter = variant.counters[name], let value = counter.value else { return false }
      let call = variant.counters["cpu time"]?.value ?? 0
      return value != 0 && abs(value) >= least * (counter.unit == .nanoseconds ? call : 1)
    }
  }

  static func cell(_ counter: Counter?) -> String {
    guard let counter, let value = counter.value else { return Figures.none }
    return Markdown.text(Figures.quantity(value, unit: counter.unit))
  }

  /// One line, with a reason for those that the machine counts elsewhere.
  private static func absences(
    _ names: [String], in point: PointResult, _ missing: MissingCounters
  ) -> String {
    guard !names.isEmpty else { return "" }
    var parts = [names.filter(missing.contains).map(Markdown.text).joined(separator: ", ")]
    for name in names where !missing.contains(name) {
      let reason = point.variants.compactMap { $0.counters[name]?.unavailable }.first
      parts.append(Markdown.text("\(name) (\(reason ?? "not counted in this run"))"))
    }
    return "Not counted here: \(parts.filter { !$0.isEmpty }.joined(separator: ", ")).\n"
  }
}
