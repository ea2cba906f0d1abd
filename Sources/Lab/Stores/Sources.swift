import Harness
import Platform
import Results

/// The experiments' source: read where it was compiled, or where that is not there, in the folder
/// `sources` beside the executable, which `make bundle` fills.
enum Sources {
  /// Empty where there is no such file: the page then says so.
  static func excerpts(of experiment: Experiment) -> [SourceExcerpt] {
    if let text = try? Files.text(experiment.file) {
      return experiment.excerpts(from: text, path: packagePath(of: experiment.file))
    }
    guard let found = bundled(experiment.file) else { return [] }
    return experiment.excerpts(from: found.text, path: found.path)
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

  /// The longest end of the path that names a file of the bundle: the package's folder was another
  /// machine's.
  private static func bundled(_ file: String) -> (path: String, text: String)? {
    guard let own = Executable.path(), let slash = own.lastIndex(of: "/") else { return nil }
    let parts = file.split(separator: "/")
    for index in parts.indices {
      let path = parts[index...].joined(separator: "/")
      if let text = try? Files.text("\(own[..<slash])/sources/\(path)") { return (path, text) }
    }
    return nil
  }
}
