import Results

/// What was counted of experiments, in a machine's folder.
struct CountsStore {
  let folder: String

  func path(of id: String) -> String { "\(folder)/counts/\(id).json" }

  func save(_ counts: CacheCounts) throws(LabError) {
    try StoredJSON.save(counts, to: path(of: counts.experiment))
  }

  /// Those of the experiments that have any. A damaged file leaves a page without counts, and a
  /// line that says so.
  func load(for experiments: [ExperimentResult]) -> [String: CacheCounts] {
    var found: [String: CacheCounts] = [:]
    for id in experiments.map(\.id) where StoredFile.place(path(of: id)) != nil {
      let counts: CacheCounts? = try? StoredJSON.load(path(of: id))
      if let counts, counts.experiment == id {
        found[id] = counts
      } else {
        Console.note(
          "\(path(of: id)) holds no counts that this perflab can read; count again with "
            + "'make counts ONLY=\(id)'")
      }
    }
    return found
  }
}
