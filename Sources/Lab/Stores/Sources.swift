import Harness
import Results

/// The experiments' source, read where it was compiled.
enum Sources {
  /// Empty where the file is no longer there: the page then says so.
  static func excerpts(of experiment: Experiment) -> [SourceExcerpt] {
    guard let text = try? Files.text(experiment.file) else { return [] }
    return experiment.excerpts(from: text, path: packagePath(of: experiment.file))
  }

  /// The path from the package's folder on, as far as that is found.
  private static func packagePath(of file: String) -> String {
    var parts = file.split(separator: "/").map(String.init)
    var below: [String] = []
    while let last = parts.popLast() {
      below.insert(last, at: 0)
      if Files.exists("/" + (parts + ["Package.swift"]).joined(separator: "/")) {
        return below.joined(separator: "/")
      }
    }
    return file.split(separator: "/").last.map(String.init) ?? file
  }
}
