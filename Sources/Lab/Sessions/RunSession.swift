import Glibc
import Harness
import Platform
import Rendering
import Results

/// One run: passes over the experiments in order, results saved after each, pages written at the
/// end.
struct RunSession {
  private let experiments: [Experiment]
  private let orchestrator: Orchestrator
  private let store: ResultsStore
  private let isSmoke: Bool
  private let unfinished: UnfinishedFile
  private let resumes: Bool
  /// Of the interrupted run's experiments those that are complete.
  private let finished: Set<String>
  private var results: Results
  /// What this run found, whether it is stored or an earlier result stays.
  private var found: [String: ExperimentResult] = [:]
  private var progress: RunProgress

  /// - Parameters:
  ///   - seed: nil to draw one, or to take the interrupted run's with `resume`.
  ///   - resume: whether experiments that the stored results hold complete are kept, and those on
  ///     their way go on.
  ///   - numbers: the machine's numbers; asked for once the stored results have been read, since
  ///     measuring them takes time.
  init(
    experiments: [Experiment], preset: Preset, setting: Setting, store: ResultsStore,
    seed: UInt64?, resume: Bool, numbers: () throws -> [String: MachineNumber]
  ) throws {
    isSmoke = preset == .smoke
    self.store = store
    let stored =
      isSmoke ? nil : try Self.stored(store, on: setting.machine, replacing: experiments)
    let interrupted = resume ? stored?.run : nil
    if let interrupted, interrupted.preset != preset.name {
      throw LabError.invalid(
        "the interrupted run has preset \(interrupted.preset); use --preset "
          + "\(interrupted.preset), or omit --resume")
    }
    let seed = seed ?? interrupted?.seed ?? UInt64.random(in: 0..<1 << 32)
    var run = setting.run(preset: preset.name, seed: seed)
    run.started = interrupted?.started ?? run.started
    var fresh = Results(run: run, machine: setting.machine, conditions: setting.conditions)
    fresh.machine.numbers = try numbers()
    // What other runs measured stays on the page until it is measured again.
    fresh.experiments = stored?.experiments ?? []
    results = fresh
    resumes = interrupted != nil
    unfinished = UnfinishedFile(
      run: run, machine: fresh.machine, setting: setting, folder: store.folder)
    let complete = Set(fresh.experiments.filter { $0.isComplete(in: interrupted) }.map(\.id))
    let remaining = experiments.filter { !complete.contains($0.id) }
      .map { $0.fitted(to: setting.facilities).fitted(to: preset) }
    (self.experiments, finished) = (remaining, complete)
    orchestrator = Orchestrator(
      preset: preset, seed: seed, cpus: setting.cpus, machine: fresh.machine,
      facilities: setting.facilities, launch: setting.launch)
    progress = RunProgress(
      parts: remaining.map { experiment in
        RunProgress.Part(
          experiment, preset, like: fresh.experiments.first { $0.id == experiment.id })
      })
  }

  /// What is stored, nil where there is nothing.
  /// - Throws: where it is another machine's, or a file can't be read that the run would replace:
  ///   before anything is measured.
  private static func stored(
    _ store: ResultsStore, on machine: Machine, replacing experiments: [Experiment]
  ) throws(LabError) -> Results? {
    try store.expect(machine)
    let stored = store.exists ? try store.load() : nil
    if stored?.unreadable.isEmpty != true {
      for experiment in experiments { try store.expectReplaceable(experiment.id, on: machine) }
    }
    stored?.tellUnreadable()
    return stored?.results
  }

  /// Measures, saves and writes the pages.
  mutating func run() throws {
    Interrupt.catchSignals()
    Console.note(
      "preset \(orchestrator.preset.name), seed \(orchestrator.seed), "
        + "measuring on processor \(orchestrator.cpus.map(String.init).joined(separator: ", "))")
    if !isSmoke {
      try store.begin(results)
      try recordDigest([])
      // None of an earlier run can go on: its start is no longer the stored one.
      unfinished.removeAll { resumes && !finished.contains($0) }
    }
    var sessions: [ExperimentSession?] = experiments.map { _ in nil }
    var leftOut: Set<Int> = []
    let passes = (0..<orchestrator.preset.passes).map { Pass($0, of: orchestrator.preset.passes) }
    for pass in passes {
      for index in experiments.indices where !leftOut.contains(index) {
        guard var session = try sessions[index] ?? begun(experiments[index]) else {
          leftOut.insert(index)
          continue
        }
        sessions[index] = session
        progress.begin(pass, index, left: session.pointsLeft(in: pass))
        if session.hasTaken(pass) && !pass.isLast { continue }
        let isThrough = try measure(&session, pass)
        sessions[index] = session
        if !isThrough {
          progress.clear()
          try keepInterrupted(sessions.compactMap(\.self))
          throw LabError.interrupted(saved: store.folder)
        }
        if pass.isLast {
          let id = session.experiment.id
          progress.finished(experiment: session.result)
          if hasBetter(than: session) { Console.note("\(id): the earlier result stays") }
          sessions[index] = nil
        }
        if pass.isLast || !session.result.isUnfinished {
          found[session.experiment.id] = session.result
          if !hasBetter(than: session) { try finish(session) }
          if !isSmoke { unfinished.remove(session.experiment.id) }
        } else {
          if !hasBetter(than: session) { try keep(session.result) }
          keepSamples(session)
        }
      }
    }
    progress.clear()
    try writePages()
    let failures = found.values.count { $0.hasFailedPoint }
    if failures > 0 { throw LabError.failed(count: failures) }
  }

  /// An experiment as the interrupted run left it, or a new one; nil where it is to be left so.
  private func begun(_ experiment: Experiment) throws -> ExperimentSession? {
    do throws(UnfinishedFile.Obstacle) {
      let found = resumes ? try unfinished.session(of: experiment, orchestrator) : nil
      if let found { return found }
    } catch {
      progress.clear()
      Console.note("\(error)")
      if case .leftOut = error { return nil }
    }
    return try begin(experiment)
  }

  /// Predicts an experiment and stores the predictions.
  private func begin(_ experiment: Experiment) throws -> ExperimentSession {
    try orchestrator.begin(experiment, sources: Sources.excerpts(of: experiment)) { event in
      switch event {
      case .predicted(let pending): try store(pending)
      case .profiled(let profile):
        try ProfileStore(folder: store.folder).keep(profile, of: experiment.id)
      case .started, .measured: break
      }
    }
  }

  /// - Returns: false if it was interrupted.
  private mutating func measure(_ session: inout ExperimentSession, _ pass: Pass) throws -> Bool {
    let id = session.experiment.id
    return try session.measure(pass) { event in
      switch event {
      case .started(let parameter): progress.begin(id, parameter.label)
      case .measured: progress.finishedPoint()
      case .predicted, .profiled: break
      }
    }
  }

  /// Stores a result with its samples.
  private mutating func finish(_ session: ExperimentSession) throws {
    try keep(session.result)
    guard !isSmoke, !session.measured.isEmpty else { return }
    var samples = SampleFile()
    var observations = ObservationFile()
    for (point, records) in session.measured {
      samples.append(point, records)
      observations.append(point, records)
    }
    let id = session.experiment.id
    try Files.write(try samples.compressed(), to: SampleFile.path(id, in: store.folder))
    if !observations.isEmpty {
      try Files.write(
        try observations.compressed(), to: ObservationFile.path(id, in: store.folder))
    }
  }

  /// For a later run. The results do not depend on it: where it can't be written, only a run that
  /// goes on loses them.
  private func keepSamples(_ session: ExperimentSession) {
    guard !isSmoke else { return }
    do { try unfinished.keep(session) } catch {
      progress.clear()
      Console.error("the samples of \(session.experiment.id) so far are not kept: \(error)")
    }
  }

  /// What an interrupt leaves of each experiment, where nothing better is stored.
  private mutating func keepInterrupted(_ sessions: [ExperimentSession]) throws {
    for session in sessions {
      if session.result.hasEvidence || !hasBetter(than: session) {
        found[session.experiment.id] = session.result
        try finish(session)
      }
      if session.result.isUnfinished { keepSamples(session) }
    }
    try writePages()
  }

  /// Stores predictions before anything is measured, beside the samples that they will be compared
  /// with: an earlier result stays until there is a new one.
  private func store(_ pending: ExperimentResult) throws(LabError) {
    guard !isSmoke else { return }
    let path = store.folder + "/samples/\(pending.id).predicted.json"
    try Files.write(try StoredJSON.encode(pending), to: path)
  }

  /// Whether the stored result is more complete than one that was interrupted, or in which nothing
  /// was measured: it was skipped, or failed. Of variants that differ in what they compute, nothing is
  /// better than to know it.
  private func hasBetter(than session: ExperimentSession) -> Bool {
    let result = session.result
    if session.hasWrongResult { return false }
    return result.status == .pending
      || results.experiments.contains { stored in
        stored.id == result.id
          && (result.isUnfinished && !stored.isUnfinished
            || !result.hasMeasuredPoint && stored.hasMeasuredPoint)
      }
  }

  /// Replaces the experiment's result.
  private mutating func keep(_ finished: ExperimentResult) throws(LabError) {
    var result = finished
    result.run = results.run
    if let index = results.experiments.firstIndex(where: { $0.id == result.id }) {
      results.experiments[index] = result
    } else {
      results.experiments.append(result)
    }
    guard !isSmoke else { return }
    try store.keep(result, on: results.machine)
    try recordDigest([result.id])
  }

  /// With each file that is written: a run that is killed leaves no result that looks altered.
  private func recordDigest(_ ids: [String]) throws(LabError) {
    var digest = FolderDigest(folder: store.folder)
    try digest.update(ids)
  }

  private func writePages() throws(LabError) {
    guard !isSmoke else { return }
    var ordered = results
    ordered.putInOrder()
    // The results are safe: a history that can't be written must not lose the pages as well.
    do { try HistoryStore(folder: store.folder).keep(ordered) } catch {
      Console.error("this run could not be added to the history: \(error)")
    }
    try Pages.write(ordered, to: store.folder)
    let ran = experiments.compactMap { found[$0.id] }
    if ran.isEmpty {
      Console.note(experiments.isEmpty ? "nothing is left to measure" : "nothing was measured")
    } else {
      try Summary.show(ran)
    }
    Console.note("pages: \(store.folder)/\(PagePath.index)")
  }
}

extension ExperimentResult {
  /// Whether this run measured it and nothing of it is left.
  func isComplete(in interrupted: Run?) -> Bool {
    interrupted != nil && run?.started == interrupted?.started && !isUnfinished && !hasFailedPoint
  }

  /// Whether it, or any of its points, failed.
  var hasFailedPoint: Bool { status == .failed || points.contains { $0.status == .failed } }
}
