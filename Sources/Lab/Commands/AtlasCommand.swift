import ArgumentParser
import Rendering
import Results

struct AtlasCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "atlas",
    abstract: "Show the curriculum: which slots have an experiment, and their last results.",
    discussion: "Writes atlas.md to the machine's folder, if it has results.")

  @OptionGroup var folder: FolderOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let last = try folder.lastResults()
    let atlas = Pages.atlas(last?.results)
    if last != nil { try Pages.write(atlas, to: folder.store.folder) }
    if json {
      try Console.result(StoredJSON.text(atlas))
    } else {
      try Console.result(atlas.text)
    }
    if last != nil { Console.note("page: \(folder.store.folder)/\(PagePath.atlas)") }
    try last?.expectWhole()
  }
}
