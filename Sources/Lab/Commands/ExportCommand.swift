import ArgumentParser
import Rendering
import Results

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write stored results in the format of another tool.",
    discussion: """
      google-benchmark  JSON of Google Benchmark, for its compare.py
      benchstat         Go's benchmark format, one line a process: benchstat -col /variant
      jmh               JSON of the Java Microbenchmark Harness
      hyperfine         what hyperfine --export-json writes
      github-smaller    customSmallerIsBetter of github-action-benchmark: times
      github-bigger     customBiggerIsBetter of github-action-benchmark: speedups
      csv               the raw samples

      What a format can't represent is omitted, and named.
      """)

  @Argument(help: "A machine's name, or the path of a results.json (default: this machine).")
  var source: String?

  @Option(help: "One of the formats above.")
  var format: String

  @Option(help: "Folder with one folder per machine.")
  var out = "Reports"

  @Option(help: "Ids or patterns such as 'memory/*', separated by commas (default: all).")
  var only: String?

  @Option(help: "Write into this file (default: standard output).")
  var output: String?

  func run() throws {
    guard let format = Export.Format(rawValue: format) else {
      throw LabError.unknownFormat(format, known: Export.Format.allCases.map(\.rawValue))
    }
    let store = try FolderOptions.store(of: source, in: out)
    var results = try store.load()
    let patterns = only?.split(separator: ",").map(String.init) ?? []
    let chosen = try Selection.ids(matching: patterns, in: results.experiments.map(\.id))
    results.experiments = results.experiments.filter { chosen.contains($0.id) }
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
    if let output {
      try Files.write(export.text, to: output)
    } else {
      try Console.result(export.text)
    }
  }
}
