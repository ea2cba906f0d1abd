import ArgumentParser
import Harness
import Rendering
import Results

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Check today's models against stored measurements.",
    discussion: """
      For work on a model: predicts every measured point again, from the numbers of the machine \
      that measured it, and prints the stored prediction and the new one side by side. Several \
      machines show whether a model holds beyond the one that it was written on. Measures \
      nothing and changes nothing: a page keeps the prediction that was stored before its \
      measurement. Predictions that rest on a profile are omitted. If a machine's results don't \
      have a number that a model needs, the number is named.
      """)

  @Argument(help: "Folders of machines, or results files (default: this machine's).")
  var sources: [String] = []

  @Option(help: "Ids or patterns such as 'memory/*', separated by commas (default: all).")
  var only: String?

  @Flag(
    help: "Show only refuted predictions: today's, or the stored one if there is none today.")
  var refuted = false

  @Flag(help: "Print the reasoning of each prediction.")
  var why = false

  @Option(help: "Folder with one folder per machine.")
  var out = "Reports"

  func run() throws {
    let paths = sources.isEmpty ? [try FolderOptions.store(of: nil, in: out).path] : sources
    let patterns = try Selection.patterns(in: only)
    let experiments = try Selection.experiments(
      matching: patterns, in: LabContext.current.catalog)
    var unreadable: [LabError] = []
    for path in paths {
      let input = try ComparedInput(path)
      unreadable += input.unreadable
      let again = PredictedAgain(input.results, by: experiments)
      let table = PredictionTable.render(
        then: again.then, now: again.now, missing: again.missing, name: input.name,
        onlyRefuted: refuted, givesReasons: why, width: Console.width(), colour: Console.colour)
      try Console.result(table)
    }
    if !unreadable.isEmpty { throw LabError.leftOut(unreadable) }
  }
}

/// Measurements as they are stored, and with the experiments' predictions of today from the same
/// machine's numbers. Without predictions that rest on a profile, and without experiments that the
/// catalog no longer has, or has over another axis.
private struct PredictedAgain {
  var then: Results
  var now: Results
  /// Counts of measured values without a prediction now, by the number that the machine's results
  /// don't have.
  var missing: [String: Int] = [:]

  init(_ stored: Results, by experiments: [Experiment]) {
    then = stored
    now = stored
    then.experiments = []
    now.experiments = []
    let known = Dictionary(experiments.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for result in stored.experiments {
      // On another axis its values would mean something else.
      guard let experiment = known[result.id], experiment.parts.isEmpty,
        experiment.account(sources: []).sweepsAlike(result.account)
      else { continue }
      then.experiments.append(result)
      now.experiments.append(again(result, by: experiment))
    }
  }

  private mutating func again(
    _ stored: ExperimentResult, by experiment: Experiment
  ) -> ExperimentResult {
    var result = stored
    let flags = (stored.run ?? then.run).flags
    let registers = VectorRegisters(features: flags.features)
    for point in result.points.indices {
      // A variant that has another name by now has no prediction.
      let missing = experiment.predict(
        &result.points[point], on: then.machine, registers: registers)
      for lack in missing where isMeasured(lack, in: result.points[point]) {
        self.missing[lack.number, default: 0] += 1
      }
    }
    return result
  }

  /// What the baseline's model lacks is missing for every candidate.
  private func isMeasured(_ lack: MissingModel, in point: PointResult) -> Bool {
    point.candidates.contains { $0.name == lack.variant && $0.speedup != nil }
  }
}
