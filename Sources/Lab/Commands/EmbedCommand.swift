import ArgumentParser
import Rendering
import Results

struct EmbedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Fill and refresh the markers in Markdown files.",
    discussion: """
      A marker: <!-- perflab memory/false-sharing table --><!-- /perflab -->

      For an experiment: line, speedup, table, chart, code, diagram, page.
      For a machine, without an experiment's id: numbers, summary, conditions.
      Options in the marker: machine=NAME, point="4 MiB".

      Only the text between markers is changed; a second call changes nothing. A table or a \
      chart needs its own line. Put a word before a figure, since Markdown treats a line that \
      begins with a comment as HTML.
      """)

  @Argument(help: "Markdown files.")
  var notes: [String]

  @OptionGroup var folder: FolderOptions

  @Option(help: "Copy the charts into this folder and link to them there.")
  var copyAssets: String?

  @Flag(help: "Change nothing; exit with 1 if something would change.")
  var check = false

  func run() throws {
    var session = EmbedSession(folder: folder, assets: copyAssets)
    // All are filled before the first is written, so that a problem changes nothing.
    var changed: [(path: String, bytes: [UInt8])] = []
    var seen: Set<String> = []
    for path in notes where seen.insert(RelativePath.resolved(path)).inserted {
      let old = try Files.read(path)
      let new = try session.fill(old, path: path)
      if new != old { changed.append((path, new)) }
    }
    let copies = try session.copies()
    let stale = copies.filter { (try? Files.read($0.path)) != $0.bytes }
    if check {
      let paths = changed.map(\.path) + stale.map(\.path)
      if !paths.isEmpty { throw LabError.staleNotes(paths: paths) }
      return
    }
    for file in changed { try Files.expectWritable(RelativePath.resolved(file.path)) }
    for file in stale { try Files.write(file.bytes, to: file.path) }
    // A link to notes stays one: what it leads to is replaced.
    for file in changed {
      try Files.write(file.bytes, to: RelativePath.resolved(file.path))
      try Console.line("\(file.path): filled")
    }
    if changed.isEmpty { try Console.line("nothing changed") }
  }
}
