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
    let results = try folder.lastResults()
    let atlas = Pages.atlas(results)
    if results != nil { try Pages.write(atlas, to: folder.store.folder) }
    if json {
      Console.write(try StoredJSON.text(atlas), to: 1)
    } else {
      Console.write(atlas.text, to: 1)
    }
    if results != nil { Console.note("page: \(folder.store.folder)/\(PagePath.atlas)") }
  }
}
