import ArgumentParser
import Rendering
import Results

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Draw the pages again from the stored results.",
    discussion: "Measures nothing: the same results give the same bytes.")

  @OptionGroup var folder: FolderOptions

  @Flag(help: "Write all pages as one file that needs no network, too: index.html.")
  var html = false

  func run() throws {
    let results = try folder.store.load()
    let numbers = NumbersStore(folder: folder.store.folder).load()
    let calibration = try CalibrationStore(folder: folder.store.folder).loadIfThere()
    var files = try Pages.write(results, to: folder.store.folder)
    if let numbers { files += PageSet.render(numbers) }
    if let calibration { files += CalibrationPage.files(calibration) }
    try Pages.write(files, to: folder.store.folder)
    if html {
      let atlas = Pages.atlas(results)
      let site = Site.render(files, atlas: atlas, name: results.machine.name)
      try Files.write(site, to: folder.store.folder + "/" + Site.path)
    }
    let table = ResultTable.experiments(
      results.experiments, width: Console.width(), colour: Console.colour)
    Console.write(table.hasSuffix("\n") ? table : table + "\n", to: 1)
    let first = html ? Site.path : PagePath.index
    Console.note("pages: \(folder.store.folder)/\(first)")
  }
}
