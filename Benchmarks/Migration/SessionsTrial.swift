import Databases
import Drills
import Glibc
import Harness
import Platform
import Results
import Statistics

/// A way to move sessions, and what faults in the middle do to it: looked for once in each process.
final class SessionsTrial {
  typealias Move = @Sendable (MovingSessions) throws -> UInt64

  private(set) var report: [String: Counter] = [:]
  private let folder: ScratchFolder
  private let sessions: MovingSessions
  private let move: Move
  private let requests: Int
  private var random: SeededGenerator
  private var faults: [String: Counter] = [:]

  /// Of a store in which a fault is looked for.
  private static let few = 200
  /// Requests for which a disk stays full.
  private static let fault = 10

  init(_ point: Point, _ move: @escaping Move) throws {
    folder = try ScratchFolder(bytes: 64 << 20)
    (random, requests) = (point.generator(), point.value)
    self.move = move
    sessions = try MovingSessions(in: folder.path, requests: point.value, random: random)
    for (fault, name) in [(DrillFault.kill, "kill -9"), (.fullDisk, "a full disk")] {
      let name = "sessions wrong after \(name)"
      do { faults[name] = .count(Double(try wrong(after: fault))) } catch let error as SystemError {
        faults[name] = Counter(unavailable: "\(error)")
      }
    }
  }

  /// - Returns: the requests.
  func go() throws -> UInt64 {
    try sessions.empty()
    let requests = try move(sessions)
    try sessions.judge()
    report = sessions.report.merging(faults) { first, _ in first }
    return requests
  }

  /// - Returns: sessions that are not in the new store, or not as acknowledged.
  func wrong(after fault: DrillFault) throws -> Int {
    let folder = try ScratchFolder(bytes: 32 << 20)
    let moment = Int.random(in: 1...max(1, Self.few * requests / 100), using: &random)
    let keeper = TruthKeeper()
    for session in 0..<Self.few { keeper.acknowledge(session, mixed(0)) }
    let values =
      fault == .fullDisk
      ? try afterFullDisk(moment, folder, keeper) : try afterKill(moment, folder.path, keeper)
    let rows = values.enumerated().compactMap { session, value in
      value.map { (key: session, value: mixed(UInt64($0))) }
    }
    return keeper.judge(rows).wrong
  }

  private func few(in path: String, store: String? = nil) throws -> MovingSessions {
    try MovingSessions(
      in: path, store: store, sessions: Self.few, requests: requests, random: random)
  }

  /// The program is killed; the next one takes requests, and copies from the beginning.
  private func afterKill(_ moment: Int, _ path: String, _ keeper: TruthKeeper) throws -> [Int?] {
    let copy = try ProcessCopy(seconds: 5, keepsFiles: true) { say in
      let sessions = try few(in: path)
      try withoutActuallyEscaping(say) { say in
        sessions.watch = Self.watch(say)
        defer { sessions.watch = .init() }
        _ = try move(sessions)
      }
    }
    var acknowledged = 0
    while let word = try? copy.word() {
      Self.enter(word, keeper)
      if word > 0 { acknowledged += 1 }
      if acknowledged == moment { copy.kill() }
    }
    let sessions = try few(in: path)
    sessions.watch = Self.watch { Self.enter($0, keeper) }
    sessions.goOn(after: Self.few * requests)
    _ = try move(sessions)
    return try sessions.values()
  }

  /// The store's disk has no room for a while; the store is then copied to where this process can
  /// read it.
  private func afterFullDisk(
    _ moment: Int, _ folder: ScratchFolder, _ keeper: TruthKeeper
  ) throws -> [Int?] {
    let (path, mounted, copied) = (folder.path, folder.file("disk"), folder.file("copied"))
    for folder in [mounted, copied] { mkdir(folder, 0o755) }
    let copy = try ProcessCopy(seconds: 5) { say in
      let disk = try SmallDisk(at: mounted, bytes: 8 << 20)
      let sessions = try few(in: path, store: mounted)
      try withoutActuallyEscaping(say) { say in
        sessions.watch = Self.watch(say)
        defer { sessions.watch = .init() }
        sessions.watch.bearsFullDisk = true
        sessions.watch.intended = { session, value in
          if value == moment { try disk.fill() }
          if value == moment + Self.fault { disk.makeRoom() }
          say(-Self.word(session, value))
        }
        _ = try move(sessions)
      }
      try FileTree.copy("\(mounted)/data.mdb", to: "\(copied)/data.mdb")
      say(0)
    }
    while true {
      let word = try copy.word()
      guard word != 0 else { break }
      Self.enter(word, keeper)
    }
    return try few(in: path, store: copied).values()
  }

  // A change in one number: below 0 before it is asked for, above when it is acknowledged.

  private static func word(_ session: Int, _ value: Int) -> Int { value * few + session }

  private static func watch(_ say: @escaping (Int) -> Void) -> MovingSessions.Watch {
    MovingSessions.Watch(
      intended: { say(-word($0, $1)) }, acknowledged: { say(word($0, $1)) })
  }

  private static func enter(_ word: Int, _ keeper: TruthKeeper) {
    let (value, session) = abs(word).quotientAndRemainder(dividingBy: few)
    let digest = mixed(UInt64(value))
    if word < 0 { keeper.intend(session, digest) } else { keeper.acknowledge(session, digest) }
  }
}
