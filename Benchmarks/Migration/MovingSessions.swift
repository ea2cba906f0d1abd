import Databases
import Glibc
import Harness
import Platform
import Results
import Statistics

/// Sessions in a table of SQLite that move to LMDB, batch by batch, while requests change them.
final class MovingSessions {
  static let sessions = Releases.areFew ? 400 : 2_000
  private static let (batches, bytes) = (20, 120)

  private(set) var report: [String: Counter] = [:]
  private let table: SQLiteDatabase
  private let change, some, one: SQLiteStatement
  private let store: LMDBEnvironment
  private var random: SeededGenerator
  private let sessions: Int
  private let requests: Int
  /// The last acknowledged value of each session.
  private var truth: [Int]
  private var served = 0
  /// What happens around a change; nothing unless said.
  var watch = Watch()

  /// A batch as the copier has read it.
  typealias Batch = [(session: Int, value: Int)]

  /// Is told of changes before they are asked for, and when they are acknowledged.
  struct Watch {
    var intended: (_ session: Int, _ value: Int) throws -> Void = { _, _ in }
    var acknowledged: (_ session: Int, _ value: Int) -> Void = { _, _ in }
    /// A change is refused and a batch is written later where the store has no room.
    var bearsFullDisk = false
  }

  /// Opens table and store, and makes what is not there.
  /// - Parameters:
  ///   - path: of a folder.
  ///   - store: folder of the store, where it is elsewhere.
  ///   - requests: in 100 for each session.
  init(
    in path: String, store: String? = nil, sessions: Int = MovingSessions.sessions,
    requests: Int, random: SeededGenerator
  ) throws {
    var settings = SQLiteSettings(cacheBytes: 8 << 20, journal: .wal, synchronous: .normal)
    settings.patience = 5
    table = try SQLiteDatabase(.file("\(path)/sessions"), settings)
    try table.execute(
      """
      CREATE TABLE IF NOT EXISTS sessions(
        id INTEGER PRIMARY KEY, value INTEGER NOT NULL, body BLOB NOT NULL);
      WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT \(sessions))
        INSERT OR IGNORE INTO sessions SELECT i, 0, randomblob(\(Self.bytes)) FROM n;
      """)
    change = try table.prepare("UPDATE sessions SET value = ? WHERE id = ?")
    some = try table.prepare("SELECT id, value FROM sessions WHERE id BETWEEN ? AND ?")
    one = try table.prepare("SELECT value, body FROM sessions WHERE id = ?")
    self.store = try LMDBEnvironment(
      store ?? "\(path)/store", capacity: 16 << 20, durability: .none)
    self.random = random
    self.sessions = sessions
    self.requests = sessions * requests / 100
    truth = [Int](repeating: 0, count: sessions)
  }

  // What requests and the copier do.

  func changeTable(_ session: Int, _ value: Int) throws {
    try change.bind(value, at: 1)
    try change.bind(session, at: 2)
    try change.run()
  }

  func changeStore(_ session: Int, _ value: Int) throws {
    try store.write { try Self.put(session, value, into: $0) }
  }

  func copy(_ batch: Batch, onlyMissing: Bool) throws {
    try store.write { transaction in
      for (session, value) in batch {
        if onlyMissing, try transaction.get(UInt64(session), { _ in true }) != nil { continue }
        try Self.put(session, value, into: transaction)
      }
    }
  }

  private static func put(_ session: Int, _ value: Int, into store: LMDBTransaction) throws {
    var words = [Int](repeating: value, count: bytes / 8)
    try words.withUnsafeMutableBytes { try store.put(UInt64(session), UnsafeRawBufferPointer($0)) }
  }

  private func read(_ ids: Range<Int>) throws -> Batch {
    try some.bind(ids.lowerBound, at: 1)
    try some.bind(ids.upperBound - 1, at: 2)
    defer { some.reset() }
    var batch: Batch = []
    while try some.step() { batch.append((some.integer(0), some.integer(1))) }
    return batch
  }

  /// Takes all sessions out of the store.
  func empty() throws {
    try store.write { transaction in
      for session in 0..<sessions { _ = try transaction.remove(UInt64(session)) }
    }
  }

  /// Moves all sessions: a batch is read, requests come, the batch is written.
  /// - Parameters:
  ///   - change: what a request does.
  ///   - copy: what the copier writes.
  /// - Returns: the requests.
  func move(
    change: (MovingSessions, _ session: Int, _ value: Int) throws -> Void,
    copy: (MovingSessions, Batch) throws -> Void
  ) throws -> UInt64 {
    let batch = sessions / Self.batches
    for number in 0..<Self.batches {
      let read = try read(number * batch..<(number + 1) * batch)
      for _ in 0..<requests / Self.batches { try serve(change) }
      while try isRefused({ try copy(self, read) }) { try serve(change) }
    }
    return UInt64(requests)
  }

  private func serve(_ change: (MovingSessions, Int, Int) throws -> Void) throws {
    served += 1
    let session = Int.random(in: 0..<sessions, using: &random)
    try watch.intended(session, served)
    guard try !isRefused({ try change(self, session, served) }) else { return }
    truth[session] = served
    watch.acknowledged(session, served)
  }

  private func isRefused(_ write: () throws -> Void) throws -> Bool {
    do { try write() } catch let error as LMDBError
      where watch.bearsFullDisk && error.isFull
    { return true }
    return false
  }

  /// Has changes numbered from here on.
  func goOn(after change: Int) { served = change }

  /// What the store has.
  func values() throws -> [Int?] {
    try store.read { transaction in
      try (0..<sessions).map { session in
        try transaction.get(UInt64(session)) { $0.loadUnaligned(as: Int.self) }
      }
    }
  }

  /// Compares the store with what was acknowledged.
  func judge() throws {
    let values = try values()
    let right = truth.indices.count { values[$0] == truth[$0] }
    // The table has the truth in every way, for the next call.
    for session in truth.indices { try changeTable(session, truth[session]) }
    report = [
      "sessions right afterwards": .share(Double(right) / Double(sessions)),
      "sessions lost": .count(Double(sessions - right)),
      "look-up in the table": try time { try self.lookInTable($0) },
      "look-up in the store": try time { try self.lookInStore($0) },
    ]
  }

  private func lookInTable(_ session: Int) throws -> Int {
    try one.bind(session, at: 1)
    defer { one.reset() }
    return try one.step() ? one.integer(0) : 0
  }

  private func lookInStore(_ session: Int) throws -> Int {
    try store.read { try $0.get(UInt64(session)) { $0.loadUnaligned(as: Int.self) } } ?? 0
  }

  private func time(_ look: (Int) throws -> Int) throws -> Counter {
    let start = Clock.now()
    var sum = 0
    for turn in 0..<200 { sum &+= try look(turn * 389 % sessions) }
    return .seconds(Double(Clock.now() - start) / 200e9 + (sum == .min ? 1 : 0))
  }
}
