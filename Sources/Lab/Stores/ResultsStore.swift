import Results

/// One machine's folder under `Reports/`: the run's file, the experiments' files and what belongs
/// to them. A `results.json` of schema 1 is read as well; of each experiment the later result counts.
struct ResultsStore {
  let folder: String
  /// All results in one document, where that was named instead of a folder.
  private let file: String?

  init(folder: String) {
    self.folder = folder
    file = nil
  }

  /// All results in one document, with what lies beside it. That of a run stands for its folder.
  init(file path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let above = parts.dropLast()
    folder = above.isEmpty ? "." : above.joined(separator: "/")
    file = StoredFile.plain(parts.last.map(String.init) ?? "") == Self.runName ? nil : path
  }

  static let runName = "run.json"
  static let olderName = "results.json"

  var runPath: String { folder + "/" + Self.runName }
  /// Where schema 1 had all results of a machine.
  var olderPath: String { folder + "/" + Self.olderName }

  /// What says whether there are results, for messages and for telling two stores apart.
  var path: String {
    file ?? [runPath, olderPath].lazy.compactMap(StoredFile.place).first ?? runPath
  }

  var exists: Bool { Files.exists(path) }

  /// Whether there may be more than the results.
  var isFolder: Bool { file == nil }

  /// Where an experiment's result lies.
  func path(of id: String) -> String { "\(folder)/results/\(id).json" }

  /// Everything, in the catalog's order. What can't be read hides nothing else.
  /// - Throws: `LabError` where there is nothing, or the run's file can't be read.
  func load() throws(LabError) -> StoredResults {
    if let file { return StoredResults(results: try StoredJSON.load(file)) }
    var unreadable: [LabError] = []
    let record: RunRecord? = try StoredJSON.loadIfThere(runPath)
    var older: Results?
    do { older = try StoredJSON.loadIfThere(olderPath) } catch {
      if record == nil { throw error }
      unreadable.append(error)
    }
    if let record, let found = older {
      do { try Self.expect(found.machine, toBe: record.machine, in: olderPath) } catch {
        unreadable.append(error)
        older = nil
      }
    }
    guard var results = Results(record, older) else { throw .noResults(path: runPath) }
    let files = experimentFiles()
    for file in files {
      do {
        let stored = try load(file, of: results.machine)
        results.keepLater(stored.experiment)
      } catch { unreadable.append(error) }
    }
    results.putInOrder()
    return StoredResults(results: results, unreadable: unreadable)
  }

  /// The same for who measures: what can't be read is told, and stops nothing.
  func loadAndTell() throws(LabError) -> Results {
    let stored = try load()
    stored.tellUnreadable()
    return stored.results
  }

  /// One experiment's result; nil where there is none.
  func experiment(_ id: String) throws(LabError) -> ExperimentResult? {
    if StoredFile.place(olderPath) != nil {
      return try load().results.experiments.first { $0.id == id }
    }
    guard StoredFile.place(path(of: id)) != nil else { return nil }
    return try load(path(of: id)).experiment
  }

  /// What came of experiments, by their ids, without reading all of their results.
  func outcomes(of ids: [String]) throws(LabError) -> (known: [String: Outcome], bad: [LabError]) {
    if file != nil || StoredFile.place(olderPath) != nil {
      let stored = try load()
      let all = stored.results.experiments.map { ($0.id, Outcome($0)) }
      return (Dictionary(all, uniquingKeysWith: { first, _ in first }), stored.unreadable)
    }
    var known: [String: Outcome] = [:]
    var bad: [LabError] = []
    for id in ids {
      do {
        known[id] = try ExperimentFile.outcome(path(of: id))
        if let found = known[id]?.id { try expect(found, in: path(of: id)) }
      } catch {
        known[id] = nil
        bad.append(error)
      }
    }
    return (known, bad)
  }

  /// - Throws: where an experiment's file can't be read, so that replacing it could lose something.
  func expectReplaceable(_ id: String, on machine: Machine) throws(LabError) {
    let path = path(of: id)
    if StoredFile.place(path) != nil { _ = try load(path, of: machine) }
  }

  /// Keeps one experiment's result in the place of an earlier one.
  /// - Parameter machine: that measured it.
  func keep(_ experiment: ExperimentResult, on machine: Machine) throws(LabError) {
    let stored = StoredExperiment(experiment, on: machine)
    try StoredFile.write(try ExperimentFile.encode(stored), to: path(of: experiment.id))
  }

  /// Keeps what is not an experiment's, in the form of today: a folder of schema 1 is converted.
  func begin(_ results: Results) throws(LabError) {
    try convert()
    try StoredJSON.save(RunRecord(results), to: runPath)
  }

  /// Paths of experiments' files as if none were compressed, sorted.
  private func experimentFiles() -> [String] {
    let root = folder + "/results"
    return Files.names(in: root).flatMap { area in
      Set(Files.names(in: "\(root)/\(area)").map(StoredFile.plain)).sorted()
        .filter { $0.hasSuffix(".json") }.map { "\(root)/\(area)/\($0)" }
    }
  }

  private func load(_ path: String, of machine: Machine) throws(LabError) -> StoredExperiment {
    let stored = try load(path)
    try Self.expect(stored.machine, toBe: machine, in: path)
    return stored
  }

  private func load(_ path: String) throws(LabError) -> StoredExperiment {
    let stored: StoredExperiment = try StoredJSON.load(path)
    try expect(stored.experiment.id, in: path)
    return stored
  }

  /// - Throws: where a file holds another experiment than its name says.
  private func expect(_ id: String, in path: String) throws(LabError) {
    if self.path(of: id) != path {
      throw .damagedResults(path: path, reason: "it holds \(id)")
    }
  }
}
