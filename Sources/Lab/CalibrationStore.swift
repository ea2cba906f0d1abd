import FoundationEssentials
import Rendering
import Results

/// The calibration in a machine's folder.
struct CalibrationStore {
  let folder: String

  var path: String { folder + "/calibration.json" }
  var pagePath: String { folder + "/" + CalibrationPage.path }

  /// Nil where there is none yet.
  func loadIfThere() throws(LabError) -> Calibration? {
    guard Files.exists(path) else { return nil }
    struct Head: Decodable { let schema: Int }
    let data = Data(try Files.read(path))
    let decoder = JSONDecoder()
    do {
      let head = try decoder.decode(Head.self, from: data)
      guard head.schema <= Calibration.currentSchema else {
        throw LabError.newerSchema(
          path: path, found: head.schema, known: Calibration.currentSchema)
      }
      return try decoder.decode(Calibration.self, from: data)
    } catch let error as LabError { throw error } catch {
      throw .damagedResults(path: path, reason: "it is damaged")
    }
  }

  func save(_ calibration: Calibration) throws(LabError) {
    try Files.write(try ResultsStore.encode(calibration), to: path)
  }

  func writePages(_ calibration: Calibration) throws(LabError) {
    try Pages.write(calibration, to: folder)
    // The index names the last calibration.
    let results = ResultsStore(folder: folder)
    if Files.exists(results.path) { try Pages.write(try results.load(), to: folder) }
  }
}
