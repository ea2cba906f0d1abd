import ArgumentParser
import Rendering
import Results

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Regenerate the pages from stored results.",
    discussion: "Measures nothing. The same results give the same bytes.")

  @OptionGroup var folder: FolderOptions

  @Flag(help: "Also write all pages as one HTML file that works offline: index.html.")
  var html = false

  func run() throws {
    let results = try folder.store.load()
    let place = folder.store.folder
    let numbers = NumbersStore(folder: place).load()
    let calibration = try CalibrationStore(folder: place).loadIfThere()
    var files = try Pages.write(results, to: place)
    if let numbers { files += try Pages.write(numbers, to: place) }
    if let calibration { files += try Pages.write(calibration, to: place) }
    if html {
      let atlas = Pages.atlas(results)
      let site = Site.render(files, atlas: atlas, name: results.machine.name)
      try Files.write(site, to: place + "/" + Site.path)
    }
    Summary.show(results.experiments)
    let first = html ? Site.path : PagePath.index
    Console.note("pages: \(place)/\(first)")
  }
}
