import ArgumentParser
import Rendering
import Results

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Draw the pages again from the stored results.",
    discussion: "Measures nothing: the same results give the same bytes.")

  @OptionGroup var folder: FolderOptions

  func run() throws {
    let results = try folder.store.load()
    try Pages.write(results, to: folder.store.folder)
    if let numbers = NumbersStore(folder: folder.store.folder).load() {
      try Pages.write(numbers, to: folder.store.folder)
    }
    if let calibration = try CalibrationStore(folder: folder.store.folder).loadIfThere() {
      try Pages.write(calibration, to: folder.store.folder)
    }
    let table = ResultTable.experiments(
      results.experiments, width: Console.width(), colour: Console.colour)
    Console.write(table.hasSuffix("\n") ? table : table + "\n", to: 1)
    Console.note("pages: \(folder.store.folder)/README.md")
  }
}
