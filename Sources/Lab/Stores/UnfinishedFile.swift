import Harness
import Platform
import Results

/// What a run keeps of experiments on their way, so that `--resume` goes on with them: all samples of
/// all their points. A file's first line says where they come from, the second one holds them.
struct UnfinishedFile {
  /// Samples of two origins are not of one point.
  private struct Origin: Codable {
    var run: Run
    /// Size and time of the executable: also a change that no version and no flag shows may change
    /// what is measured.
    var build: String
    /// The same of each library of peers that the experiment calls.
    var peers: [String]
    /// What scratch folders lie on.
    var scratch: String
    /// With the numbers that were predicted from.
    var machine: Machine
  }

  /// Why an experiment does not go on.
  enum Obstacle: Error, CustomStringConvertible {
    /// What was measured is of no use.
    case measuredAnew(String, reason: String)
    /// It stays as it is, since it can go on later.
    case leftOut(String, reason: String)

    var description: String {
      switch self {
      case .measuredAnew(let id, let reason): "\(id) is measured anew: \(reason)"
      case .leftOut(let id, let reason): "\(id) is left as it is: \(reason)"
      }
    }
  }

  private let run: Run
  private let machine: Machine
  private let setting: Setting
  private let folder: String
  private static let ending = ".unfinished.json.gz"

  /// - Parameters:
  ///   - run: this one, which has its start from the interrupted one.
  ///   - machine: with its numbers.
  ///   - folder: the machine's.
  init(run: Run, machine: Machine, setting: Setting, folder: String) {
    (self.run, self.machine, self.setting, self.folder) = (run, machine, setting, folder)
  }

  private func path(_ id: String) -> String { "\(folder)/samples/\(id)\(Self.ending)" }

  private func origin(_ experiment: Experiment) -> Origin {
    Origin(
      run: run, build: Files.stamp("/proc/self/exe"),
      peers: experiment.peerFiles(setting.launch).map { "\($0) \(Files.stamp($0))" },
      scratch: setting.scratch, machine: machine)
  }

  /// Keeps what was measured; nothing where that is nothing.
  func keep(_ session: ExperimentSession) throws {
    guard let unfinished = session.unfinished else { return }
    let lines =
      try StoredJSON.encode(origin(session.experiment), isCompact: true)
      + StoredJSON.encode(unfinished, isCompact: true)
    try Files.write(try Gzip.compress(lines), to: path(session.experiment.id))
  }

  /// What an interrupted run has left of an experiment; nil where there is none.
  private func load(
    _ experiment: Experiment
  ) throws(Obstacle) -> ExperimentSession.Unfinished? {
    let (id, path) = (experiment.id, path(experiment.id))
    guard Files.exists(path) else { return nil }
    let bytes: [UInt8]
    do { bytes = try StoredFile.read(path) } catch {
      if case .unreadable = error { throw .leftOut(id, reason: "\(error)") }
      throw damaged(id)
    }
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
      let found: Origin = StoredJSON.decodeIfPossible(Array(bytes[..<end]))
    else { throw damaged(id) }
    if let other = Self.difference(of: origin(experiment), from: found) {
      throw .measuredAnew(id, reason: "its samples so far are from \(other)")
    }
    let rest = Array(bytes[end...].dropFirst())
    guard let unfinished: ExperimentSession.Unfinished = StoredJSON.decodeIfPossible(rest) else {
      throw damaged(id)
    }
    return unfinished
  }

  /// An experiment that an interrupted run has begun; nil where there is none.
  func session(
    of experiment: Experiment, _ orchestrator: Orchestrator
  ) throws(Obstacle) -> ExperimentSession? {
    guard let found = try load(experiment) else { return nil }
    do { return try orchestrator.resume(experiment, found) } catch {
      switch error {
      case .changed:
        throw .measuredAnew(experiment.id, reason: "what it needs of the machine has changed")
      case .unmet(let reason): throw .leftOut(experiment.id, reason: reason)
      case .damaged: throw damaged(experiment.id)
      }
    }
  }

  private func damaged(_ id: String) -> Obstacle {
    .measuredAnew(id, reason: "\(path(id)) is damaged")
  }

  /// Takes it away when the experiment is finished.
  func remove(_ id: String) { Files.remove(path(id)) }

  /// Takes away all but those of some experiments.
  func removeAll(but isKept: (_ id: String) -> Bool) {
    let names = Files.paths(below: folder + "/samples").filter { $0.hasSuffix(Self.ending) }
    for id in names.map({ String($0.dropLast(Self.ending.count)) }) where !isKept(id) {
      remove(id)
    }
  }

  private static func difference(of own: Origin, from other: Origin) -> String? {
    let known = [
      own.run.started == other.run.started ? nil : "an earlier run",
      own.build == other.build ? nil : "another build",
      own.peers == other.peers ? nil : "other libraries of peers",
      own.scratch == other.scratch ? nil : "another file system under its scratch folders",
      own.machine.isLike(other.machine) && own.machine.kernel == other.machine.kernel
        ? nil : "another machine or kernel",
      own.run.preset == other.run.preset ? nil : "another preset",
      own.run.seed == other.run.seed ? nil : "another seed",
      own.run.cpus == other.run.cpus ? nil : "other processors",
      own.machine.numbers == other.machine.numbers
        ? nil : "a time before the numbers were measured again",
    ]
    return known.compactMap { $0 }.first
  }
}
