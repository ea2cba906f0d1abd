import Results

/// One machine's folder under `Reports/`: its results file and what belongs to it.
struct ResultsStore {
  let folder: String
  let path: String

  init(folder: String) {
    self.folder = folder
    path = folder + "/results.json"
  }

  /// A results file of any name, with what lies beside it.
  init(file: String) {
    path = file
    let parts = file.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    folder = parts.isEmpty ? "." : parts.joined(separator: "/")
  }

  func load() throws(LabError) -> Results { try StoredJSON.load(path) }

  func save(_ results: Results) throws(LabError) {
    try Files.write(try StoredJSON.encode(results), to: path)
  }
}
