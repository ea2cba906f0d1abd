import Databases
import Glibc
import Harness
import Platform
import Results
import Statistics

/// Sessions in a table of SQLite that move to LMDB, batch by batch, while requests change them.
final class MovingSessions {
  static let sessions = Releases.areFew ? 400 : 2_000
  static let batch = sessions / 20
  private static let bytes = 120

  private(set) var report: [String: Counter] = [:]
  private let folder: ScratchFolder
  private let table: SQLiteDatabase
  private let change, some, one: SQLiteStatement
  private var store: LMDBEnvironment
  private var random: SeededGenerator
  private let requests: Int
  /// The last acknowledged value of each session.
  private var truth: [Int]
  private var served = 0

  /// A batch as the copier has read it.
  typealias Batch = [(session: Int, value: Int)]

  init(_ point: Point) throws {
    folder = try ScratchFolder(bytes: 64 << 20)
    var settings = SQLiteSettings(cacheBytes: 8 << 20, journal: .wal, synchronous: .normal)
    settings.patience = 5
    table = try SQLiteDatabase(.file(folder.file("sessions")), settings)
    try table.execute(
      """
      CREATE TABLE sessions(id INTEGER PRIMARY KEY, value INTEGER NOT NULL, body BLOB NOT NULL);
      WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT \(Self.sessions))
        INSERT INTO sessions SELECT i, 0, randomblob(\(Self.bytes)) FROM n;
      """)
    change = try table.prepare("UPDATE sessions SET value = ? WHERE id = ?")
    some = try table.prepare("SELECT id, value FROM sessions WHERE id BETWEEN ? AND ?")
    one = try table.prepare("SELECT value, body FROM sessions WHERE id = ?")
    store = try LMDBEnvironment(folder.file("store"), capacity: 16 << 20, durability: .none)
    random = point.generator()
    requests = Self.sessions * point.value / 100
    truth = [Int](repeating: 0, count: Self.sessions)
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

  /// Moves all sessions: a batch is read, requests come, the batch is written.
  /// - Parameters:
  ///   - change: what a request does.
  ///   - copy: what the copier writes.
  /// - Returns: the requests.
  func move(
    change: (MovingSessions, _ session: Int, _ value: Int) throws -> Void,
    copy: (MovingSessions, Batch) throws -> Void
  ) throws -> UInt64 {
    try store.write { transaction in
      for session in 0..<Self.sessions { _ = try transaction.remove(UInt64(session)) }
    }
    let batches = Self.sessions / Self.batch
    for number in 0..<batches {
      let batch = try read(number * Self.batch..<(number + 1) * Self.batch)
      for _ in 0..<requests / batches {
        served += 1
        let session = Int.random(in: 0..<Self.sessions, using: &random)
        try change(self, session, served)
        truth[session] = served
      }
      try copy(self, batch)
    }
    let right = try store.read { transaction in
      try truth.indices.count { session in
        try transaction.get(UInt64(session)) { $0.loadUnaligned(as: Int.self) } == truth[session]
      }
    }
    // The table has the truth in every way, for the next call.
    for session in truth.indices { try changeTable(session, truth[session]) }
    report = [
      "sessions right afterwards": .share(Double(right) / Double(Self.sessions)),
      "sessions lost": .count(Double(Self.sessions - right)),
      "look-up in the table": try time { try self.lookInTable($0) },
      "look-up in the store": try time { try self.lookInStore($0) },
    ]
    return UInt64(requests)
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
    for turn in 0..<200 { sum &+= try look(turn * 389 % Self.sessions) }
    return .seconds(Double(Clock.now() - start) / 200e9 + (sum == .min ? 1 : 0))
  }
}
