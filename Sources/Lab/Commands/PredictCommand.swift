import ArgumentParser
import Harness
import Rendering
import Results

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Hold today's models against measurements that are stored.",
    discussion: """
      For who works on a model: predicts every measured point again, from the numbers of the \
      machine that measured it, and prints what was predicted then beside what is predicted now. \
      Several machines show whether a model holds beyond the one that it was made on. Measures \
      nothing and changes nothing: a page keeps the prediction that was stored before its \
      measurement. Predictions that rest on a profile are left out. Where a machine was measured \
      before a number existed that a model wants, the number is named.
      """)

  @Argument(help: "Folders of machines, or results files (default: this machine's).")
  var sources: [String] = []

  @Option(help: "Ids or patterns such as 'memory/*', separated by commas; all without one.")
  var only: String?

  @Flag(
    help: "Show only what is off by more than a prediction may be; then, where there is none now.")
  var refuted = false

  @Flag(help: "Print the reasoning of each prediction.")
  var why = false

  @Option(help: "Folder that holds a folder for each machine.")
  var out = "Reports"

  func run() throws {
    let paths = sources.isEmpty ? [try FolderOptions.store(of: nil, in: out).path] : sources
    let patterns = only?.split(separator: ",").map(String.init) ?? []
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

/// Measurements as they are stored, and with what the experiments predict from the same machine's
/// numbers today. What a profile has foretold is left out, and what the catalog no longer has.
private struct PredictedAgain {
  var then: Results
  var now: Results
  /// Measured values that have no prediction now, by the number that the machine's lack.
  var missing: [String: Int] = [:]

  init(_ stored: Results, by experiments: [Experiment]) {
    then = stored
    now = stored
    then.experiments = []
    now.experiments = []
    let known = Dictionary(experiments.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    for result in stored.experiments {
      guard let experiment = known[result.id], experiment.parts.isEmpty else { continue }
      then.experiments.append(result)
      now.experiments.append(again(result, by: experiment))
    }
  }

  private mutating func again(
    _ stored: ExperimentResult, by experiment: Experiment
  ) -> ExperimentResult {
    var result = stored
    for point in result.points.indices {
      let value = result.points[point].parameter.value
      for candidate in result.points[point].candidates.indices {
        result.points[point].candidates[candidate].predicted = prediction(
          of: result.points[point].candidates[candidate], at: value, by: experiment)
      }
    }
    return result
  }

  /// Nothing where the variant has another name by now, or a number is missing.
  private mutating func prediction(
    of candidate: CandidateResult, at value: Int, by experiment: Experiment
  ) -> PredictedSpeedup? {
    guard experiment.variants.contains(where: { $0.name == candidate.name }) else { return nil }
    let question = Question(candidate: candidate.name, value: value, machine: then.machine)
    do {
      let prediction = try experiment.predict(question)
      return prediction.map { PredictedSpeedup(speedup: $0.speedup, because: $0.because) }
    } catch {
      if candidate.speedup != nil { missing[error.name, default: 0] += 1 }
      return nil
    }
  }
}
