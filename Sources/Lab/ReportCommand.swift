import ArgumentParser
import Results

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Draw the pages again from the stored results.",
    discussion: "Measures nothing: the same results give the same bytes.")

  @OptionGroup var folder: FolderOptions

  func run() throws {
    let results = try folder.store.load()
    try Pages.write(results, to: folder.store.folder)
    Console.note("pages: \(folder.store.folder)/README.md")
  }
}
