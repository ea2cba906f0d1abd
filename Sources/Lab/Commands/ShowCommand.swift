import ArgumentParser
import Harness
import Rendering
import Results

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show an experiment: its claim, code and last result.")

  @Argument(help: "The experiment's id: 'memory/false-sharing'.")
  var id: String

  @OptionGroup var folder: FolderOptions

  func run() throws {
    let experiment = try Selection.experiment(id, in: LabContext.current.catalog)
    print("\(experiment.id): \(experiment.title)\nslot: \(experiment.slot)")
    if !experiment.needs.isEmpty {
      print("needs: \(experiment.needs.map(\.text).joined(separator: ", "))")
    }
    print("\nClaim. \(experiment.claim)\n\nWhy. \(experiment.mechanism)")
    print("\nWhen it does not help. \(experiment.limits)")
    for excerpt in Sources.excerpts(of: experiment) {
      print("\n── \(excerpt.variant) (\(excerpt.file):\(excerpt.line))\n\(excerpt.code)")
    }
    let last = try folder.store.experiment(id)
    print("\nLast result: \(last.map { Summary.line(Outcome($0)) } ?? "not run yet")")
    if let last, last.status == .measured {
      print(ResultTable.points(last, width: Console.width(), colour: Console.colour))
    }
  }
}
