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
    let stored = try folder.store.load()
    let results = stored.results
    let place = folder.store.folder
    let files = try Pages.writeAll(results, to: place)
    if html {
      let atlas = Pages.atlas(results)
      let site = Site.render(files, atlas: atlas, name: results.machine.name)
      try Files.write(site, to: place + "/" + Site.path)
    }
    try Summary.show(results.experiments)
    let first = html ? Site.path : PagePath.index
    Console.note("pages: \(place)/\(first)")
    try stored.expectWhole()
  }
}
