import Dispatch
import Results
import Synchronization

/// Folders of many machines. Of each result only the first line is decoded, so that hundreds of
/// machines are read in seconds.
struct GatheredFolders {
  private let paths: [String]

  /// - Throws: where a folder is none, or holds no results.
  init(_ named: [String]) throws(LabError) {
    guard !named.isEmpty else { throw .invalid("gather takes one or more folders") }
    var found: [String] = []
    for path in named {
      guard Files.isFolder(path) else { throw .incomparable("\(path) is no folder") }
      let inside = Files.names(in: path).map { "\(path)/\($0)" }.filter(Self.isMachine)
      let all = Self.isMachine(path) ? [path] : inside
      guard !all.isEmpty else {
        throw .incomparable("\(path) is no machine's folder, and there is none in it")
      }
      for folder in all
      where !found.map(RelativePath.resolved).contains(RelativePath.resolved(folder)) {
        found.append(folder)
      }
    }
    paths = found
  }

  private static func isMachine(_ path: String) -> Bool {
    Files.isFolder(path) && ResultsStore(folder: path).exists
  }

  /// - Returns: the machines, and an error for each folder and each result that is left out.
  func load() throws -> (members: [Gallery.Member], bad: [LabError]) {
    var members: [Gallery.Member] = []
    var bad: [LabError] = []
    for (path, result) in zip(paths, read()) {
      switch result {
      case .success((var member, let unread)):
        bad += unread
        if let same = members.first(where: member.isCopy) {
          Console.note("\(path) is left out: it holds the same results as \(same.name)")
          continue
        }
        if members.contains(where: { $0.name == member.name }) { member.name += " (\(path))" }
        members.append(member)
      case .failure(let error): bad.append(error)
      }
    }
    guard !members.isEmpty else { throw LabError.leftOut(bad) }
    return (members, bad)
  }

  /// Each folder by itself, on all processors.
  private func read() -> [Result<Gathered, LabError>] {
    // The catalog is a value of this task, which other threads do not have.
    let context = LabContext.current
    let found = Mutex<[Int: Result<Gathered, LabError>]>([:])
    DispatchQueue.concurrentPerform(iterations: paths.count) { index in
      let member = LabContext.$current.withValue(context) {
        Result { () throws(LabError) in try Self.member(paths[index]) }
          .mapError(ComparedInput.told)
      }
      found.withLock { $0[index] = member }
    }
    return found.withLock { found in paths.indices.compactMap { found[$0] } }
  }

  /// A machine, and an error for each of its results that is left out.
  private typealias Gathered = (member: Gallery.Member, unread: [LabError])

  private static func member(_ path: String) throws(LabError) -> Gathered {
    let store = ResultsStore(folder: path)
    guard let record: RunRecord = try StoredJSON.loadIfThere(store.runPath) else {
      return try older(store)
    }
    let ids = Set(
      Files.paths(below: path + "/results").map(StoredFile.plain)
        .filter { $0.hasSuffix(".json") }.map { String($0.dropLast(".json".count)) })
    let (known, unread) = try store.outcomes(of: ids.sorted())
    let digest = FolderDigest(folder: path)
    let member = Gallery.Member(
      name: record.machine.name, machine: record.machine, run: record.run,
      conditions: record.conditions, outcomes: known,
      altered: digest.altered.map(Self.subject),
      withoutDigest: ids.count { !digest.names("results/\($0).json") }, unreadable: unread.count)
    return (member, unread)
  }

  /// `results/cpu/a.json` is that of `cpu/a`; the run's file is called by its own name.
  private static func subject(_ path: String) -> String {
    path.hasPrefix("results/")
      ? String(path.dropFirst("results/".count).dropLast(".json".count)) : path
  }

  /// A folder of schema 1 has all in one file, and no digest.
  private static func older(_ store: ResultsStore) throws(LabError) -> Gathered {
    let stored = try store.load()
    let all = stored.results.experiments.map { ($0.id, Outcome($0)) }
    let member = Gallery.Member(
      name: stored.results.machine.name, machine: stored.results.machine, run: stored.results.run,
      conditions: stored.results.conditions,
      outcomes: Dictionary(all, uniquingKeysWith: { first, _ in first }), altered: [],
      withoutDigest: all.count, unreadable: stored.unreadable.count)
    return (member, stored.unreadable)
  }
}
