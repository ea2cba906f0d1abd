import Rendering
import Results

/// Writes what the renderer draws.
enum Pages {
  /// The index and a page for each experiment, with all that the folder holds beside the results.
  /// - Parameter folder: the machine's.
  /// - Returns: the files, the atlas left out.
  @discardableResult
  static func write(_ results: Results, to folder: String) throws(LabError) -> [PageSet.File] {
    let inputs = try inputs(for: results, in: folder)
    let files = files(of: results, with: inputs)
    _ = try write(files, to: folder)
    try write(atlas(results), to: folder)
    return files
  }

  /// Every page of a machine's folder: those of the results, of its numbers and its calibration.
  /// - Returns: the files, the atlas left out.
  @discardableResult
  static func writeAll(
    _ results: Results, to folder: String
  ) throws(LabError) -> [PageSet.File] {
    let numbers = NumbersStore(folder: folder).load()
    let calibration = try CalibrationStore(folder: folder).loadIfThere()
    var files = try write(results, to: folder)
    if let numbers { files += try write(numbers, to: folder) }
    if let calibration { files += try write(calibration, to: folder) }
    return files
  }

  /// What the pages of these results show from the machine's folder.
  static func inputs(for results: Results, in folder: String) throws(LabError) -> PageInputs {
    // A damaged calibration is its own command's to report, and no reason to have no pages.
    PageInputs(
      calibration: try? CalibrationStore(folder: folder).loadIfThere(),
      history: HistoryStore(folder: folder).load(),
      counts: CountsStore(folder: folder).load(for: results.experiments),
      profiles: try ProfileStore(folder: folder).all())
  }

  /// Pages and charts, and what is drawn of the profiles.
  static func files(of results: Results, with inputs: PageInputs) -> [PageSet.File] {
    let axes = Dictionary(
      results.experiments.map { ($0.id, $0.account.axis) }, uniquingKeysWith: { $1 })
    let flames = inputs.profiles.sorted { $0.key < $1.key }.flatMap { id, set in
      PageSet.render(set, axis: axes[id] ?? "point")
    }
    return PageSet.render(results, with: inputs) + flames
  }

  /// The curriculum with what the catalog has for it, and what another build's catalog had: results
  /// of areas that this one leaves out.
  /// - Parameter results: of a machine; nil where there are none.
  static func atlas(_ results: Results?) -> Atlas {
    let catalog = LabContext.current.catalog
    let others = (results?.experiments ?? []).filter { result in
      !catalog.contains { $0.id == result.id }
    }
    return Atlas(
      catalog: catalog.map { ($0.id, $0.title, $0.slot, $0.evidence) }
        + others.map { ($0.id, $0.title, $0.account.slot, $0.knownBy) },
      results: results)
  }

  /// - Parameter folder: the machine's.
  static func write(_ atlas: Atlas, to folder: String) throws(LabError) {
    try Files.write(atlas.markdown, to: folder + "/" + PagePath.atlas)
  }

  /// - Parameter folder: the machine's.
  @discardableResult
  static func write(_ numbers: Numbers, to folder: String) throws(LabError) -> [PageSet.File] {
    try write(PageSet.render(numbers), to: folder)
  }

  /// - Parameter folder: the machine's.
  @discardableResult
  static func write(
    _ profiles: ProfileSet, axis: String, to folder: String
  ) throws(LabError) -> [PageSet.File] {
    try write(PageSet.render(profiles, axis: axis), to: folder)
  }

  /// - Parameter folder: the machine's.
  @discardableResult
  static func write(
    _ calibration: Calibration, to folder: String
  ) throws(LabError) -> [PageSet.File] {
    try write(CalibrationPage.files(calibration), to: folder)
  }

  private static func write(
    _ files: [PageSet.File], to folder: String
  ) throws(LabError) -> [PageSet.File] {
    for file in files { try Files.write(file.contents, to: folder + "/" + file.path) }
    return files
  }
}
