import ArgumentParser
import Rendering
import Results

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write stored results in the format of another tool.",
    discussion: """
      google-benchmark  JSON of Google Benchmark, for its compare.py
      benchstat         Go's benchmark format, one line per process: benchstat -col /variant
      jmh               JSON of the Java Microbenchmark Harness
      hyperfine         JSON of hyperfine --export-json
      github-smaller    customSmallerIsBetter of github-action-benchmark: times
      github-bigger     customBiggerIsBetter of github-action-benchmark: speedups
      csv               the raw samples
      json              everything that perflab stores except the samples, in one document
                        (Documentation/results.md)
      example           a folder to publish, --output: the pages and their compressed results,
                        without samples and history

      Results that a format can't represent are omitted and named.
      """)

  @Argument(help: "A machine's name, or the path of a results file (default: this machine).")
  var source: String?

  @Option(help: "One of the formats above.")
  var format: String

  @Option(help: "Folder with one folder per machine.")
  var out = "Reports"

  @Option(help: "Ids or patterns such as 'memory/*', separated by commas (default: all).")
  var only: String?

  @Option(help: "Write into this file (default: standard output), or this folder.")
  var output: String?

  /// What perflab itself reads: a document, and a folder.
  private static let own = (all: "json", example: "example")

  func run() throws {
    let format = Export.Format(rawValue: format)
    guard format != nil || [Self.own.all, Self.own.example].contains(self.format) else {
      throw LabError.unknownFormat(
        self.format,
        known: Export.Format.allCases.map(\.rawValue) + [Self.own.all, Self.own.example])
    }
    let store = try FolderOptions.store(of: source, in: out)
    if self.format == Self.own.example {
      guard let output, only == nil else {
        throw LabError.invalid(
          "an example is a folder with everything: name it with --output, and leave --only away")
      }
      return try ExampleFolder(path: output).write(from: store)
    }
    let stored = try store.load()
    var results = stored.results
    let patterns = try Selection.patterns(in: only)
    do throws(LabError) {
      results.experiments = try Selection.results(
        matching: patterns, in: results.experiments, of: store.path)
    } catch {
      // Perhaps its file can't be read.
      if case .noResultOf = error { stored.tellUnreadable() }
      throw error
    }
    let text = try format.map { try export(results, as: $0, from: store) } ?? all(results)
    if let output {
      try Files.write(text, to: output)
    } else {
      try Console.result(text)
    }
    try stored.expectWhole()
  }

  /// Read from a file of schema 1 it is one of today's all the same.
  private func all(_ results: Results) throws -> String {
    var document = results
    document.schema = Results.currentSchema
    return try StoredJSON.text(document)
  }

  private func export(
    _ results: Results, as format: Export.Format, from store: ResultsStore
  ) throws -> String {
    var samples: [String: [SampleRow]] = [:]
    for experiment in results.experiments where experiment.status == .measured {
      samples[experiment.id] = try SampleFile.rows(experiment.id, in: store.folder)
    }
    let export = Export(results, samples: samples, as: format)
    guard export.count > 0 else {
      throw LabError.nothingToExport(path: store.path, format: format.rawValue)
    }
    for name in export.omitted {
      Console.note("omitted, \(format.rawValue) can't represent it: \(name)")
    }
    return export.text
  }
}
