import Results

// Schema 1 had all results of a machine in one file. It is read beside the files of today, and
// converted by the next run.

extension ResultsStore {
  /// Brings a folder of schema 1 into today's form. The old file goes when all that it held lies
  /// safely in new ones; an interrupted conversion goes on the next time.
  func convert() throws(LabError) {
    let older: Results? = try StoredJSON.loadIfThere(olderPath)
    guard let older else { return }
    for experiment in older.withRuns.experiments {
      try Self.expectPlain(experiment.id, in: olderPath)
      let stored: StoredExperiment? = try StoredJSON.loadIfThere(path(of: experiment.id))
      if let stored, !experiment.isLater(than: stored.experiment) { continue }
      try keep(experiment, on: older.machine)
    }
    let record: RunRecord? = try StoredJSON.loadIfThere(runPath)
    if record == nil { try StoredJSON.save(RunRecord(older), to: runPath) }
    try Files.secureNames(below: folder)
    StoredFile.remove(olderPath)
  }

  /// An id becomes a path, and a file may come from anywhere.
  private static func expectPlain(_ id: String, in path: String) throws(LabError) {
    let parts = id.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count != 2 || parts.contains(where: { $0.isEmpty || $0.hasPrefix(".") }) {
      throw .damagedResults(path: path, reason: "'\(id)' is no experiment's id")
    }
  }
}

extension Results {
  /// What a run's file and a file of schema 1 say together; nil without either.
  init?(_ record: RunRecord?, _ older: Results?) {
    guard let record else {
      guard let older else { return nil }
      self = older.withRuns
      return
    }
    self.init(run: record.run, machine: record.machine, conditions: record.conditions)
    guard let older else { return }
    experiments = older.withRuns.experiments
    if older.run.started > run.started {
      run = older.run
      machine = older.machine
      conditions = older.conditions
    }
  }

  /// Each experiment with the run that measured it.
  fileprivate var withRuns: Results {
    var results = self
    for index in experiments.indices where experiments[index].run == nil {
      results.experiments[index].run = run
    }
    return results
  }

  mutating func keepLater(_ experiment: ExperimentResult) {
    guard let index = experiments.firstIndex(where: { $0.id == experiment.id }) else {
      experiments.append(experiment)
      return
    }
    if !experiments[index].isLater(than: experiment) { experiments[index] = experiment }
  }
}

extension ExperimentResult {
  /// Whether a later run measured it. Times in ISO 8601 sort as text.
  fileprivate func isLater(than other: ExperimentResult) -> Bool {
    (run?.started ?? "") > (other.run?.started ?? "")
  }
}
