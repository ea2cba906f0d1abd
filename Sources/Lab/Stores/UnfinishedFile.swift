import Glibc
import Harness
import Platform
import Results

/// What a run keeps of experiments on their way, so that `--resume` goes on with them: all samples of
/// all their points. A file's first line says where they come from, the second one holds them.
struct UnfinishedFile {
  /// Samples of two origins are not of one point.
  private struct Origin: Codable {
    var run: Run
    /// Of the executable.
    var build: String
    /// With the numbers that were predicted from.
    var machine: Machine
  }

  /// Why an experiment does not go on.
  struct MeasuredAnew: Error, CustomStringConvertible {
    let id: String
    let reason: String
    var description: String { "\(id) is measured anew: \(reason)" }
  }

  private let origin: Origin
  private let folder: String

  /// - Parameters:
  ///   - run: this one, which has its start from the interrupted one.
  ///   - machine: with its numbers.
  ///   - folder: the machine's.
  init(run: Run, machine: Machine, folder: String) {
    origin = Origin(run: run, build: Self.build, machine: machine)
    self.folder = folder
  }

  private func path(_ id: String) -> String { "\(folder)/samples/\(id).unfinished.json.gz" }

  /// Keeps what was measured; nothing where that is nothing.
  func keep(_ session: ExperimentSession) throws {
    guard let unfinished = session.unfinished else { return }
    let lines =
      try StoredJSON.encode(origin, isCompact: true)
      + StoredJSON.encode(unfinished, isCompact: true)
    try Files.write(try Gzip.compress(lines), to: path(session.experiment.id))
  }

  /// What an interrupted run has left of an experiment; nil where there is none.
  func load(_ id: String) throws(MeasuredAnew) -> ExperimentSession.Unfinished? {
    let path = path(id)
    guard Files.exists(path) else { return nil }
    guard let bytes = try? StoredFile.read(path),
      let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
      let found: Origin = StoredJSON.decodeIfPossible(Array(bytes[..<end]))
    else { throw MeasuredAnew(id: id, reason: "\(path) is damaged") }
    if let other = difference(from: found) {
      throw MeasuredAnew(id: id, reason: "its samples so far are from \(other)")
    }
    let rest = Array(bytes[end...].dropFirst())
    guard let unfinished: ExperimentSession.Unfinished = StoredJSON.decodeIfPossible(rest) else {
      throw MeasuredAnew(id: id, reason: "\(path) is damaged")
    }
    return unfinished
  }

  /// Takes it away when the experiment is finished.
  func remove(_ id: String) { Files.remove(path(id)) }

  private func difference(from found: Origin) -> String? {
    let (own, other) = (origin, found)
    let known = [
      own.run.started == other.run.started ? nil : "an earlier run",
      own.build == other.build ? nil : "another build",
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

  /// Size and time of the executable: also a change that no version and no flag shows may change
  /// what is measured.
  private static let build: String = {
    var found = stat()
    guard stat("/proc/self/exe", &found) == 0 else { return "" }
    return "\(found.st_size) \(found.st_mtim.tv_sec).\(found.st_mtim.tv_nsec)"
  }()
}
