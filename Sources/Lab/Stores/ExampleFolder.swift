import Results

/// A machine's folder as it is kept in git for others to read: its pages, and what they are drawn
/// from, compressed. Left out are raw samples and the predictions beside them, the history, and the
/// folded stacks, which no page shows.
struct ExampleFolder {
  private static let documents = [
    ResultsStore.runName, ResultsStore.olderName, "numbers.json", "calibration.json",
  ]
  private static let folders = ["results", "counts", "flame"]

  let path: String

  /// Draws the pages anew, since without a history they have no trends.
  /// - Throws: where there is something already, or the source has files that can't be read.
  func write(from source: ResultsStore) throws(LabError) {
    guard source.isFolder else {
      throw .invalid("an example is made of a machine's folder, and \(source.path) is one file")
    }
    guard Files.names(in: path).isEmpty else {
      throw .invalid("\(path) is not empty; an example goes into a new folder")
    }
    try source.load().expectWhole()
    let below = Self.folders.flatMap { folder in
      Files.paths(below: "\(source.folder)/\(folder)").map { "\(folder)/\($0)" }
    }
    for name in Self.documents + below.map(StoredFile.plain) where name.hasSuffix(".json") {
      guard let place = StoredFile.place("\(source.folder)/\(name)") else { continue }
      try Files.write(try StoredFile.read(place), to: "\(path)/\(name)")
    }
    if let place = StoredFile.place("\(source.folder)/\(FolderDigest.name)") {
      try Files.write(try StoredFile.read(place), to: "\(path)/\(FolderDigest.name)")
    }
    let store = ResultsStore(folder: path)
    try store.convert()
    for name in Files.paths(below: path) { try StoredFile.compress("\(path)/\(name)") }
    try Pages.writeAll(try store.load().results, to: path)
    for name in Files.paths(below: path) where name.hasSuffix(".folded") {
      Files.remove("\(path)/\(name)")
    }
    Console.note("pages: \(path)/README.md")
  }
}
