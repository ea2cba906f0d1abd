import Rendering
import Results

/// Writes what the renderer draws.
enum Pages {
  /// - Parameter folder: the machine's.
  static func write(_ results: Results, to folder: String) throws(LabError) {
    try write(PageSet.render(results), to: folder)
  }

  /// - Parameter folder: the machine's.
  static func write(_ numbers: Numbers, to folder: String) throws(LabError) {
    try write(PageSet.render(numbers), to: folder)
  }

  private static func write(_ files: [PageSet.File], to folder: String) throws(LabError) {
    for file in files { try Files.write(file.contents, to: folder + "/" + file.path) }
  }
}
