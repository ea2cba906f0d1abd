import ArgumentParser
import Rendering
import Results

struct GatherCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gather",
    abstract: "Show the results of many machines side by side.",
    discussion: """
      Each folder is a machine's (Reports/my-box), or one with such folders in it. The page shows \
      which optimisations are faster on one machine and slower on another, where models fail, and \
      a matrix of all experiments; and which results were altered after their run, or measured in \
      poor conditions. With --html, the same as one HTML file with a coloured matrix.
      """)

  @Argument(help: "Folders of machines, or folders that hold them.")
  var folders: [String]

  @Option(help: "The Markdown file to write.")
  var out = "gallery.md"

  @Flag(help: "Also write an HTML file beside it.")
  var html = false

  func run() throws {
    guard out.hasSuffix(".md"), !Files.isFolder(out) else {
      throw LabError.invalid("--out takes a Markdown file such as gallery.md, not '\(out)'")
    }
    let (members, bad) = try GatheredFolders(folders).load()
    let catalog = LabContext.current.catalog
    let gallery = Gallery(
      members, order: catalog.map(\.id),
      onThreads: Set(catalog.filter { $0.sweep.threads != nil }.map(\.id)))
    try Files.write(Array(GalleryPage.render(gallery).utf8), to: out)
    if html {
      let path = String(out.dropLast(".md".count)) + ".html"
      try Files.write(Array(GallerySite.render(gallery).utf8), to: path)
      Console.note("site: \(path)")
    }
    Console.note("page: \(out)")
    try Console.result(GalleryTable.render(gallery))
    if !bad.isEmpty { throw LabError.leftOut(bad) }
  }
}
