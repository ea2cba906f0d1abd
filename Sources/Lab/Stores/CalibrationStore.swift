import Rendering
import Results

/// The calibration in a machine's folder.
struct CalibrationStore {
  let folder: String

  var path: String { folder + "/calibration.json" }
  var pagePath: String { folder + "/" + CalibrationPage.path }

  /// Nil where there is none yet.
  func loadIfThere() throws(LabError) -> Calibration? {
    try StoredJSON.loadIfThere(path)
  }

  func save(_ calibration: Calibration) throws(LabError) {
    try StoredJSON.save(calibration, to: path)
  }

  func writePages(_ calibration: Calibration) throws(LabError) {
    try Pages.write(calibration, to: folder)
    // The index names the last calibration.
    let store = ResultsStore(folder: folder)
    if store.exists { try Pages.write(try store.loadAndTell(), to: folder) }
  }
}
