import ArgumentParser
import FoundationEssentials
import Harness
import Rendering
import Results

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the experiments, their requirements and last verdicts.")

  @Argument(help: "Ids or patterns such as 'memory/*'.")
  var patterns: [String] = []

  @OptionGroup var folder: FolderOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    if folder.machine != nil, !folder.store.exists {
      throw LabError.noResults(path: folder.store.folder)
    }
    let context = LabContext.current
    let experiments = try Selection.experiments(matching: patterns, in: context.catalog)
    let last = try folder.store.outcomes(of: experiments.map(\.id))
    let facilities = json ? try Setting.current(cpus: nil, machineName: nil).facilities : nil
    let rows = experiments.map { experiment in
      Row(facilities.map { experiment.fitted(to: $0) } ?? experiment, last.known[experiment.id])
    }
    if json {
      try Console.result(StoredJSON.text(rows))
    } else {
      var table = TerminalTable([
        .init("experiment"), .init("evidence"), .init("slot", shrinksTo: 12),
        .init("needs", shrinksTo: 10), .init("last verdict", shrinksTo: 16),
        .init("peer, limit", shrinksTo: 16),
      ])
      for row in rows {
        table.add(
          [
            row.id, row.evidence.rawValue, row.slot, row.needs.joined(separator: ", "),
            row.lastVerdict, row.yardstick ?? "",
          ].map { .init($0) })
      }
      try Console.result(table.render(width: Console.width(), colour: Console.colour))
    }
    if !last.bad.isEmpty { throw LabError.leftOut(last.bad) }
  }

  private struct Row: Encodable {
    let id: String
    let title: String
    let area: String
    let slot: String
    let evidence: Evidence
    let needs: [String]
    let points: [String]
    let lastVerdict: String
    /// The headline's, with the least and the largest of its candidate over the sweep.
    let speedup: Interval?
    let overSweep: [Double]
    /// The headline's candidate against the best peer, and against the limit.
    let peer: YardstickRatio?
    let limit: YardstickRatio?

    /// Both in words.
    let yardstick: String?

    init(_ experiment: Experiment, _ last: Outcome?) {
      id = experiment.id
      title = experiment.title
      area = experiment.area
      slot = experiment.slot
      evidence = experiment.evidence
      needs = experiment.needs.map(\.text)
      points = experiment.sweep.values.map(\.label)
      lastVerdict = last.map(Summary.line) ?? "not run yet"
      speedup = last?.speedup
      overSweep = [last?.least, last?.most].compactMap(\.self)
      peer = last?.peer
      limit = last?.limit
      yardstick = last.flatMap(HeadlineText.yardstick)
    }
  }
}
