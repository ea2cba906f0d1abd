import Databases
import Harness
import Platform
import Results
import Synchronization

/// A store that records are committed to, and what crashes leave of one like it.
final class DurabilityTrial {
  /// Transactions of a call.
  static let commits = 128
  /// Transactions that crashes are tried on.
  static let crashed = 32

  /// How a store is opened: by a path, and with a log of what is done with its files.
  struct Engine: Sendable {
    /// Unique among the engines.
    let name: String
    let open: @Sendable (_ path: String, _ log: FileLog?) throws -> any RecordStore
    /// After the commits of a call: what would else be put off.
    var settle: @Sendable (any RecordStore) throws -> Void = { _ in }
    let flushes: @Sendable (any RecordStore) -> Int
  }

  private let engine: Engine
  private let store: any RecordStore
  private let folder: ScratchFolder
  /// Of a transaction.
  private let records: Int
  private let losses: Losses
  private var next = 0
  private var (calls, nanoseconds) = (0, 0.0)
  private var flushesBefore = 0

  init(_ point: Point, _ engine: Engine) throws {
    self.engine = engine
    records = point.value
    folder = try ScratchFolder(bytes: durabilityBytes)
    losses = try Losses.known(engine, records: point.value, seed: point.seed, in: folder)
    store = try engine.open(folder.file("records"), nil)
    _ = try commitAll()
    _ = report()
  }

  /// - Returns: how many commits a read of the last record confirms.
  @inline(never)
  func commitAll() throws -> UInt64 {
    let start = Clock.now()
    for _ in 0..<Self.commits {
      try store.append(next..<next + records)
      next += records
    }
    try engine.settle(store)
    nanoseconds += Double(Clock.now() - start)
    calls += 1
    // What this engine does not flush would be written by another one's next flush.
    folder.flush()
    return try store.holds(next - 1) ? UInt64(Self.commits) : 0
  }

  func report() -> [String: Counter] {
    let flushes = engine.flushes(store)
    defer { (calls, nanoseconds, flushesBefore) = (0, 0, flushes) }
    let commits = Double(max(1, calls) * Self.commits)
    return [
      "time per record": Counter(nanoseconds / commits / Double(records), unit: .nanoseconds),
      "flushes per commit": Counter(Double(flushes - flushesBefore) / commits, unit: .count),
      "lost by a power cut": Counter(Double(losses.cut.mostLost), unit: .count),
      "power cuts that damage": Counter(
        100 * Double(losses.cut.damaged) / Double(max(1, losses.cut.cuts)), unit: .share),
      "lost by kill -9": Counter(Double(losses.killed), unit: .count),
    ]
  }
}

/// What crashes take of an engine's acknowledged records.
private struct Losses: Sendable {
  let cut: PowerCutSurvey
  /// After the process was killed.
  let killed: Int

  // Looked for once in each process; both instances of the baseline report the same.
  private static let all = Mutex<[String: Losses]>([:])

  static func known(
    _ engine: DurabilityTrial.Engine, records: Int, seed: UInt64, in folder: ScratchFolder
  ) throws -> Losses {
    try all.withLock { all in
      if let known = all[engine.name] { return known }
      let found = Losses(
        cut: try cut(engine, records, seed, folder), killed: try killed(engine, records, folder))
      all[engine.name] = found
      return found
    }
  }

  /// Some commits, and cuts at random moments.
  private static func cut(
    _ engine: DurabilityTrial.Engine, _ records: Int, _ seed: UInt64, _ folder: ScratchFolder
  ) throws -> PowerCutSurvey {
    let log = FileLog()
    let path = folder.file("logged")
    do {
      let store = try engine.open(path, log)
      for commit in 0..<DurabilityTrial.crashed {
        try store.append(commit * records..<(commit + 1) * records)
        log.acknowledge((commit + 1) * records)
      }
    }
    return try PowerCutSurvey(of: log, cuts: 24, seed: seed, in: folder.path) {
      try engine.open("\($0)/logged", nil).missing(of: $1)
    }
  }

  /// The same, in a copy of this process that is killed in the middle.
  private static func killed(
    _ engine: DurabilityTrial.Engine, _ records: Int, _ folder: ScratchFolder
  ) throws -> Int {
    let path = folder.file("killed")
    let acknowledged = try KilledCopy.run(until: DurabilityTrial.crashed * records) { acknowledge in
      let store = try engine.open(path, nil)
      for commit in 0... {
        try store.append(commit * records..<(commit + 1) * records)
        acknowledge((commit + 1) * records)
      }
    }
    return try engine.open(path, nil).missing(of: acknowledged)
  }
}

/// Bytes of scratch space.
let durabilityBytes = 256 << 20
