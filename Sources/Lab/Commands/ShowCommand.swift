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
    try Console.line("\(experiment.id): \(experiment.title)\nslot: \(experiment.slot)")
    if !experiment.needs.isEmpty {
      try Console.line("needs: \(experiment.needs.map(\.text).joined(separator: ", "))")
    }
    let account = experiment.account(sources: Sources.excerpts(of: experiment))
    let mechanism = account.mechanism.replacing("{point}", with: "the \(account.axis)")
    try Console.line("\nClaim. \(account.claim)\n\nWhy. \(mechanism)")
    try Console.line("\nWhen it does not help. \(account.limits)")
    for excerpt in account.sources {
      try Console.line("\n── \(excerpt.variant) (\(excerpt.file):\(excerpt.line))\n\(excerpt.code)")
    }
    let last = try folder.store.experiment(id)
    try Console.line("\nLast result: \(last.map { Summary.line(Outcome($0)) } ?? "not run yet")")
    if let last, last.status == .measured {
      try Console.line(ResultTable.points(last, width: Console.width(), colour: Console.colour))
    }
  }
}
