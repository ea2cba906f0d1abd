import Results

/// The page of a machine: what it is, in which state it was, and what came of every experiment.
public enum IndexPage {
  /// A whole page.
  /// - Parameter calibration: the machine's last.
  public static func render(_ results: Results, calibration: Calibration? = nil) -> String {
    let blocks = [
      "# perflab on \(Markdown.text(results.machine.name))\n",
      summary(results) { $0 }, MissingCounters(results).sentences,
      calibration.flatMap(CalibrationPage.line).map { $0 + "\n" } ?? "",
      chart(IndexCharts.speedups(results), "Speedup of every experiment", PagePath.indexSpeedups),
      experiments(results),
      predictions(results),
      skipped(results),
      machine(results.machine),
      conditions(results.conditions),
      run(results),
    ]
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// The machine and its experiments in a few sentences.
  /// - Parameter link: from a path in the machine's folder to what stands in the page.
  static func summary(_ results: Results, link: (String) -> String) -> String {
    let known = EvidenceText.counts(
      results.experiments.filter { $0.status == .measured }.map(\.knownBy))
    let counts =
      (known.isEmpty ? [] : [known])
      + [Status.skipped, .failed, .pending].compactMap { status in
        let count = results.experiments.count { $0.status == status }
        return count == 0 ? nil : "\(count) \(status.rawValue)"
      }
    let machine = results.machine
    let total = results.experiments.count
    let lead = "\(Markdown.text(machine.processor)), \(plural(machine.cores, "core"))."
    if total == 0 { return "\(lead) Nothing was run yet.\n" }
    let numbers =
      machine.numbers.isEmpty
      ? "" : " Cost of basic operations: [the machine's numbers](\(link(PagePath.numbers)))."
    let bill =
      BillPage.render(results) == nil
      ? "" : " Decisions about money, by what they save: [the bill](\(link(BillPage.path)))."
    return "\(lead) \(plural(total, "experiment")): \(counts.joined(separator: ", ")). "
      + "\(PredictionSummary(results).sentence)\(numbers) "
      + "Topics that they cover: [the atlas](\(link(PagePath.atlas))).\(bill)"
      + "\(journey(results, link))\n"
  }

  private static func journey(_ results: Results, _ link: (String) -> String) -> String {
    let stages = JourneyPage.stages.filter { JourneyPage($0, results) != nil }
    let strangler =
      StranglerPage(results) == nil
      ? "" : " A monolith that is taken apart: [the strangler fig](\(link(StranglerPage.path)))."
    guard !stages.isEmpty else { return strangler }
    let links = stages.map {
      "[\($0.title.prefix(1).lowercased() + $0.title.dropFirst())](\(link($0.path)))"
    }
    return " A system that grows: \(links.joined(separator: ", ")).\(strangler)"
  }

  private static func plural(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  private static func chart(_ drawing: Drawing?, _ description: String, _ path: String) -> String {
    drawing == nil ? "" : Markdown.image(description, path: path)
  }

  private static func experiments(_ results: Results) -> String {
    let table = IndexTable.render(results.experiments) { $0 }
    return table.isEmpty
      ? ""
      : "## Experiments\n\nThe speedup is baseline ÷ candidate, above 1 is better. A row shows an "
        + "experiment's headline, a variant and a point that were chosen before anything was "
        + "measured (unless declared, the last candidate at the middle of the sweep), and then "
        + "that variant's range over the whole sweep. \(yardsticks(results))\n\n\(table)"
  }

  private static func yardsticks(_ results: Results) -> String {
    results.experiments.contains { YardstickText.short($0) != nil }
      ? "*\(IndexTable.yardstickColumn)* is the headline against the best peer there is, another "
        + "library's code for the same task, and its share of what the machine allows, both "
        + "measured in the same blocks."
      : ""
  }

  private static func predictions(_ results: Results) -> String {
    guard let drawing = IndexCharts.predictions(results) else { return "" }
    let blocks = [
      "## Predicted and measured\n", Markdown.image(drawing.title, path: PagePath.indexPredictions),
      RefutedTable.render(results),
    ]
    return blocks.joined(separator: "\n")
  }

  /// A line for each reason of each experiment, and one for each yardstick that is not there.
  private static func skipped(_ results: Results) -> String {
    var lines = results.experiments.flatMap { experiment -> [String] in
      let link = "- [\(Markdown.text(experiment.id))](\(PagePath(experiment).page)), "
      guard experiment.status == .measured else {
        let reason = Answer.ended(experiment.reason ?? "no reason was given")
        return ["\(link)\(experiment.status.rawValue): \(Markdown.text(reason))"]
      }
      return Absence.all(in: experiment).filter { !$0.isYardstick }.map { absence in
        "\(link)\(Markdown.text(absence.place)): \(Markdown.text(Answer.ended(absence.reason)))"
      }
    }
    lines += yardstickAbsences(results)
    return lines.isEmpty ? "" : "## Skipped or failed\n\n\(lines.joined(separator: "\n"))\n"
  }

  private static func yardstickAbsences(_ results: Results) -> [String] {
    var groups: [(reason: String, links: [String])] = []
    for experiment in results.experiments where experiment.status == .measured {
      let link = "[\(Markdown.text(experiment.id))](\(PagePath(experiment).page))"
      for absence in Absence.all(in: experiment) where absence.isYardstick {
        if let index = groups.firstIndex(where: { $0.reason == absence.reason }) {
          groups[index].links.append(link)
        } else {
          groups.append((absence.reason, [link]))
        }
      }
    }
    return groups.map { reason, links in
      "- \(Markdown.text(Answer.ended(reason))) Not compared with it: "
        + "\(links.joined(separator: ", "))."
    }
  }

  private static func machine(_ machine: Machine) -> String {
    let caches = machine.caches.sorted { $0.level < $1.level }.map { cache in
      "L\(cache.level) \(Figures.quantity(Double(cache.bytes), unit: .bytes))"
        + (cache.sharedBy > 1 ? " shared by \(cache.sharedBy) threads" : "")
    }
    var rows = [
      ("Processor", "\(machine.processor), \(machine.architecture)"),
      (
        "Cores",
        "\(plural(machine.cores, "core")), \(plural(machine.threads, "thread")), "
          + "\(plural(machine.packages, "package")), \(plural(machine.numaNodes, "NUMA node"))"
      ),
      ("Caches", caches.isEmpty ? "unknown" : caches.joined(separator: ", ")),
      ("Memory", Figures.quantity(Double(machine.memoryBytes), unit: .bytes)),
      ("System", "\(machine.system), kernel \(machine.kernel)"),
    ]
    rows.append(("Hypervisor", machine.hypervisor ?? "none"))
    var table = Markdown.Table()
    table.columns = [("Machine", .left), ("", .left)]
    table.rows = rows.map { [$0.0, Markdown.text($0.1)] }
    return "## Machine\n\n\(table.render())"
  }

  private static func conditions(_ conditions: [Condition]) -> String {
    conditions.isEmpty ? "" : "## Conditions\n\n\(ConditionTable.render(conditions))"
  }

  /// What holds for all pages stands here alone.
  private static func run(_ results: Results) -> String {
    let run = results.run
    let earlier = results.experiments.filter { ($0.run ?? run).started != run.started }
    let links = earlier.map { experiment in
      "[\(Markdown.text(experiment.id))](\(PagePath(experiment).page))"
    }
    let kept =
      links.isEmpty
      ? "" : " Kept from earlier runs, each as its page says: \(links.joined(separator: ", "))."
    return """
      ## How it was measured

      \(RunText.sentences(run))\(kept)

      In a block every variant runs once in random order and once in the reverse order. *Baseline \
      against itself* is the baseline measured as if it were two variants; a page claims no effect \
      smaller than the deviation of its interval from 1. A block is dropped if a thread ran on \
      another processor (*migrated*), another thread ran on its processor (*preempted*), the \
      hypervisor took the processor away (*stolen*), or the core was much slower than it can be, \
      as beside a busy SMT sibling (*shared*). Of the counters, a page shows those that its \
      experiment names, and others that amount to one event in 100 calls or 1 % of the call's time.

      """
  }
}
