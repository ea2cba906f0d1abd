import Rendering
import Results

/// Writes what the renderer draws.
enum Pages {
  /// - Parameter folder: the machine's.
  static func write(_ results: Results, to folder: String) throws(LabError) {
    // A damaged calibration is its own command's to report, and no reason to have no pages.
    let calibration = try? CalibrationStore(folder: folder).loadIfThere()
    let history = HistoryStore(folder: folder).load()
    try write(PageSet.render(results, calibration: calibration, history: history), to: folder)
  }

  /// - Parameter folder: the machine's.
  static func write(_ numbers: Numbers, to folder: String) throws(LabError) {
    try write(PageSet.render(numbers), to: folder)
  }

  /// - Parameter folder: the machine's.
  static func write(_ calibration: Calibration, to folder: String) throws(LabError) {
    try write(CalibrationPage.files(calibration), to: folder)
  }

  private static func write(_ files: [PageSet.File], to folder: String) throws(LabError) {
    for file in files { try Files.write(file.contents, to: folder + "/" + file.path) }
  }
}
