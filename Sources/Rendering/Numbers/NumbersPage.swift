import Results

/// The page of a machine's numbers: the cost of basic operations.
public enum NumbersPage {
  /// A whole page; its charts lie beside it.
  public static func render(_ numbers: Numbers) -> String {
    let blocks = [
      "# Cost of basic operations on \(Markdown.text(numbers.machine.name))\n", lead(numbers),
      image(NumbersCharts.times(numbers), PagePath.numbersChart),
    ]
    let series = numbers.series.map { series in
      let image = image(
        NumbersCharts.series(series, machine: numbers.machine, team: numbers.team),
        PagePath.series(series.name))
      return image.isEmpty
        ? ""
        : "## \(Markdown.text(series.title))\n\n\(image)\n"
          + "\(Markdown.text(sentence(series.method))) Formulas refer to it as "
          + "\(Markdown.code(series.name)).\n"
    }
    let tables = groups(numbers).map { group in
      "## \(Markdown.text(group))\n\n" + device(group, numbers.machine)
        + table(numbers.entries.filter { $0.group == group }, numbers.clockDrifts).render()
    }
    let all = blocks + series + tables + [sources(numbers), method(numbers)]
    return all.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static func device(_ group: String, _ machine: Machine) -> String {
    let text = group == "Storage" ? DeviceText.sentences(machine.numbers) : ""
    return text.isEmpty ? "" : "\(text)\n\n"
  }

  static func groups(_ numbers: Numbers) -> [String] {
    var groups: [String] = []
    for entry in numbers.entries where !groups.contains(entry.group) {
      groups.append(entry.group)
    }
    return groups
  }

  private static func lead(_ numbers: Numbers) -> String {
    let measured = numbers.entries.filter { $0.quantity != nil }.count
    return "\(Markdown.text(numbers.machine.processor)): \(measured) numbers, measured with the "
      + "same harness as the experiments. Predictions are computed from them. "
      + "[All experiments on this machine](\(PagePath.index)).\n"
  }

  private static func image(_ drawing: Drawing?, _ path: String) -> String {
    drawing.map { Markdown.image($0.title, path: path) } ?? ""
  }

  /// A row for each.
  /// - Parameter drifts: of the clock, by the number's name.
  static func table(_ entries: [NumberEntry], _ drifts: [String: Double] = [:]) -> Markdown.Table {
    let isKnown = entries.contains { ReferenceFigures.all[$0.name] != nil }
    var table = Markdown.Table()
    table.columns = [("operation", .left), ("here", .right), ("interval", .right)]
    if isKnown { table.columns += [("often quoted", .right), ("here ÷ quoted", .right)] }
    table.columns.append(("how", .left))
    table.rows = entries.map { entry in
      let how = Markdown.text(entry.method) + clock(drifts[entry.name]) + sharing(entry)
      let known = isKnown ? quoted(entry) : []
      guard let quantity = entry.quantity else {
        let reason = Markdown.text(entry.missing ?? "no reason given")
        return [operation(entry), Figures.none, Figures.none] + known
          + ["\(how); missing: \(reason)"]
      }
      let figure = Figures.quantity(quantity.estimate, unit: quantity.unit)
      let low = Figures.quantity(quantity.low, unit: quantity.unit)
      let high = Figures.quantity(quantity.high, unit: quantity.unit)
      return [operation(entry), "**\(Markdown.text(figure))**", "\(low) – \(high)"]
        + known + [how]
    }
    return table
  }

  /// Of a number whose clock was not that of the others.
  private static func clock(_ drift: Double?) -> String {
    drift.map { drift in
      "; the clock was \(Figures.percent(abs(drift))) \(drift > 0 ? "faster" : "slower") than the "
        + "median"
    } ?? ""
  }

  /// Of a number whose core another guest or process used as well.
  private static func sharing(_ entry: NumberEntry) -> String {
    guard let shared = entry.sharedProcesses else { return "" }
    return "; the core was shared in \(shared) of \(entry.values.count) processes"
      + (entry.omitsShared ? ", left out" : ", of which the least shared count")
  }

  /// With the name that the formulas of predictions use.
  private static func operation(_ entry: NumberEntry) -> String {
    "\(Markdown.text(entry.title))<br>\(Markdown.code(entry.name))"
  }

  private static func quoted(_ entry: NumberEntry) -> [String] {
    guard let known = ReferenceFigures.all[entry.name] else { return ["", ""] }
    let unit = entry.quantity?.unit ?? .nanoseconds
    let figure = "\(Figures.tick(known.value, unit: unit)) [\(known.source.rawValue)]"
    let ratio = entry.quantity.map { Figures.ratio($0.estimate / known.value) } ?? Figures.none
    return [Markdown.text(figure), ratio]
  }

  private static func sources(_ numbers: Numbers) -> String {
    let used = Set(numbers.entries.compactMap { ReferenceFigures.all[$0.name]?.source })
    let lines = ReferenceFigures.Source.allCases.filter(used.contains).map {
      "- \\[\($0.rawValue)\\] \($0.text)"
    }
    return lines.isEmpty
      ? ""
      : "## Often quoted\n\nRough reference values, from other machines and years:\n\n"
        + lines.joined(separator: "\n") + "\n"
  }

  private static func method(_ numbers: Numbers) -> String {
    let run = numbers.run
    return "## How they were measured\n\nEach number in \(numbers.processes) worker processes, "
      + "\(further(numbers))one value per process: the figure is their median "
      + "with its 95% interval, of six values from the lowest to the highest. "
      + "\(clockSentence(numbers))It took \(Figures.duration(seconds: numbers.wallSeconds)), started "
      + "\(Markdown.text(run.started)), seed \(run.seed), perflab \(Markdown.text(run.version)). "
      + "\(BuildText.sentence(run.flags))\n"
  }

  /// Nothing in numbers from before it was stored.
  private static func clockSentence(_ numbers: Numbers) -> String {
    guard numbers.entries.contains(where: { $0.cycle != nil }) else { return "" }
    let count = numbers.clockDrifts.count
    return "The length of a clock cycle was measured beside each; "
      + (count == 0
        ? "none differs by more than 5% from the median. "
        : "for \(count) \(count == 1 ? "number" : "numbers") it differs by more than 5% from the "
          + "median, which the table says. ")
  }

  /// Of those that were not yet precise.
  private static func further(_ numbers: Numbers) -> String {
    let most = numbers.entries.map(\.values.count).max() ?? 0
    return most > numbers.processes
      ? "in up to \(most) where the interval was still wider than ±5% or the core was shared, " : ""
  }

  private static func sentence(_ text: String) -> String {
    Answer.ended(text.prefix(1).uppercased() + text.dropFirst())
  }
}
