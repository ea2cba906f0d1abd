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
      measurement. Predictions that rest on a profile are left out.
      """)

  @Argument(help: "Folders of machines, or results.json files (default: this machine's).")
  var sources: [String] = []

  @Option(help: "Ids or patterns such as 'memory/*', separated by commas; all without one.")
  var only: String?

  @Flag(help: "Show only what is off by more than a prediction may be.")
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
    for path in paths {
      let input = try ComparedInput(path)
      let then = input.results.keeping(experiments)
      let table = PredictionTable.render(
        then: then, now: then.predictedAgain(by: experiments), name: input.name,
        onlyRefuted: refuted, givesReasons: why, width: Console.width(), colour: Console.colour)
      try Console.result(table)
    }
  }
}

extension Results {
  /// Those of some experiments alone, without what a profile has foretold.
  fileprivate func keeping(_ experiments: [Experiment]) -> Results {
    let ids = Set(experiments.filter(\.parts.isEmpty).map(\.id))
    var kept = self
    kept.experiments = self.experiments.filter { ids.contains($0.id) }
    return kept
  }

  /// The same measurements with what the experiments predict from these numbers today: nothing
  /// where a variant has another name by now, or a number is missing.
  func predictedAgain(by experiments: [Experiment]) -> Results {
    var again = self
    again.experiments = self.experiments.map { result in
      guard let experiment = experiments.first(where: { $0.id == result.id }) else { return result }
      var result = result
      result.points = result.points.map { point in
        var point = point
        point.candidates = point.candidates.map { candidate in
          var candidate = candidate
          candidate.predicted = experiment.prediction(
            of: candidate.name, at: point.parameter.value, on: machine)
          return candidate
        }
        return point
      }
      return result
    }
    return again
  }
}

extension Experiment {
  fileprivate func prediction(
    of candidate: String, at value: Int, on machine: Machine
  ) -> PredictedSpeedup? {
    guard variants.contains(where: { $0.name == candidate }) else { return nil }
    let question = Question(candidate: candidate, value: value, machine: machine)
    let prediction = (try? predict(question)) ?? nil
    return prediction.map { PredictedSpeedup(speedup: $0.speedup, because: $0.because) }
  }
}
