import Rendering
import Results

/// Writes what the renderer draws.
enum Pages {
  /// - Parameter folder: the machine's.
  static func write(_ results: Results, to folder: String) throws(LabError) {
    for file in PageSet.render(results) {
      try Files.write(file.contents, to: folder + "/" + file.path)
    }
  }
}
