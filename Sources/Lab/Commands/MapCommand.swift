import ArgumentParser
import TraceMap

struct MapCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "map",
    abstract: "Draw from traces what calls what, who shares which data, and where to cut.",
    discussion: """
      Reads traces as OTLP JSON, as OpenTelemetry's collector writes them to a file and \
      'perflab shop serve --traces FILE' does: one document, or one on each line. Prints a page in \
      Markdown with a Mermaid diagram: components with their calls, data with their readers and \
      writers, clusters with their modularity and how stable they are when the requests are \
      resampled. A module is known by 'code.function.name', a table by 'db.collection.name' or by \
      the SQL in 'db.query.text'.
      """)

  @Argument(help: "A file of traces, or a folder with files that end in .json or .jsonl.")
  var traces: String

  @Option(
    name: .customLong("static"),
    help: "A map to compare with, one edge per line as 'from -> to': what is used and not on it.")
  var staticMap: String?

  @Option(help: "How often the requests are resampled.")
  var draws = 100

  @Option(help: "Write the page to this file (default: standard output).")
  var output: String?

  func run() throws {
    guard (0...10_000).contains(draws) else { throw LabError.invalid("--draws is from 0 to 10000") }
    do {
      var reader = TraceReader()
      for path in try Self.files(traces) {
        try reader.read(try Files.read(path), named: path)
      }
      let drawn = try staticMap.map { path in try StaticMap(try Files.text(path), named: path) }
      let map = TraceMap(reader.spans)
      let page = TraceMapPage(
        map, map.clustering(draws: draws, seed: 1), title: "`\(traces)`", comparedWith: drawn)
      guard let output else { return try Console.line(String(page.text.dropLast())) }
      try Files.write(page.text, to: output)
    } catch let fault as TraceFault { throw LabError.invalid(fault.description) }
  }

  /// The files to read, which together are not too large.
  private static func files(_ path: String) throws(LabError) -> [String] {
    var paths = [path]
    if Files.isFolder(path) {
      paths = Files.names(in: path).filter { $0.hasSuffix(".json") || $0.hasSuffix(".jsonl") }
        .sorted().map { "\(path)/\($0)" }
      guard !paths.isEmpty else {
        throw .invalid("\(path) has no files that end in .json or .jsonl")
      }
    }
    let bytes = paths.reduce(0) { $0 + (Files.size($1) ?? 0) }
    guard bytes <= TraceReader.mostBytes else {
      throw .invalid(
        "\(path) has \(bytes >> 20) MiB; a map takes at most \(TraceReader.mostBytes >> 20): keep "
          + "some requests, such as the first lines")
    }
    return paths
  }
}
