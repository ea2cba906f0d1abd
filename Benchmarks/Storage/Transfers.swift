import Databases
import Glibc
import Harness
import Platform
import Results
import Synchronization
import Systems

/// Accounts between which one thread transfers money, while others add up all balances.
final class Transfers {
  static let accounts = 4_000
  /// Of a call.
  static let commits = 10
  /// Bytes of scratch space.
  static let neededBytes = 32 << 20
  /// Microseconds that a reader does something else after each read.
  static let pause: UInt32 = 2_000

  private let database: SQLiteDatabase
  private let files = ObservedFiles()
  private let take, give, look: SQLiteStatement
  private let auditors: Auditors
  private let folder: ScratchFolder
  private let pairs: [(from: Int, to: Int)]
  private var next = 0
  private var calls = 0
  private var before = FileCounts()
  private var nanoseconds = 0.0

  init(_ point: Point, _ settings: SQLiteSettings) throws {
    folder = try ScratchFolder(bytes: Self.neededBytes)
    let path = folder.file("accounts.db")
    do {
      let filler = try SQLiteDatabase(.file(path), .building)
      try filler.execute(
        """
        CREATE TABLE accounts(id INTEGER PRIMARY KEY, balance INTEGER NOT NULL, owner TEXT NOT NULL);
        INSERT INTO accounts
          WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT \(Self.accounts))
          SELECT i, 1000, '\(SampleOrders.note)' FROM n;
        """)
    }
    var settings = settings
    settings.patience = 30
    database = try SQLiteDatabase(.file(path), settings, files: files)
    // From here on a write-ahead log is overwritten from its beginning: its file is as long as it gets.
    for _ in 0..<16 { try database.execute("UPDATE accounts SET balance = balance") }
    take = try database.prepare("UPDATE accounts SET balance = balance - 1 WHERE id = ?")
    give = try database.prepare("UPDATE accounts SET balance = balance + 1 WHERE id = ?")
    look = try database.prepare("SELECT count(*), sum(balance) FROM accounts")
    var generator = point.generator()
    pairs = (0..<1_024).map { _ in
      (
        Int.random(in: 0..<Self.accounts / 2, using: &generator),
        Int.random(in: Self.accounts / 2..<Self.accounts, using: &generator)
      )
    }
    auditors = try Auditors(
      point.value, on: point.cpus.last ?? 0, path: path, settings: settings)
    for _ in 0..<4 { _ = try transferAll() }
    _ = report()
  }

  /// - Returns: the sum of all balances; a reader that saw another one ends the process.
  @inline(never)
  func transferAll() throws -> UInt64 {
    auditors.start()
    let start = Clock.now()
    for _ in 0..<Self.commits {
      let pair = pairs[next % pairs.count]
      next += 1
      try database.execute("BEGIN IMMEDIATE")
      try take.bind(pair.from, at: 1)
      try take.run()
      try give.bind(pair.to, at: 1)
      try give.run()
      try database.execute("COMMIT")
    }
    nanoseconds += Double(Clock.now() - start)
    calls += 1
    auditors.stop()
    // What one variant does not flush would be written by the next flush of another.
    folder.flush()
    defer { look.reset() }
    _ = try look.step()
    return UInt64(look.integer(1))
  }

  func report() -> [String: Counter] {
    let counts = files.counts
    let done = counts - before
    let commits = Double(max(1, calls) * Self.commits)
    defer { (calls, before, nanoseconds) = (0, counts, 0) }
    let flushes = Double(done.flushes + done.folderFlushes)
    var found = [
      "time per commit": Counter(nanoseconds / commits, unit: .nanoseconds),
      "flushes per commit": Counter(flushes / commits, unit: .count),
      "bytes written per commit": Counter(Double(done.writtenBytes) / commits, unit: .bytes),
    ]
    if let wait = auditors.takeWaitShare() {
      found["readers' time waiting"] = Counter(100 * wait, unit: .share)
    }
    return found
  }
}

/// Threads that add up all balances, pause, and begin again, as long as they may.
private final class Auditors {
  private final class State: Sendable {
    let mayRun = Atomic<Bool>(false)
    let isOver = Atomic<Bool>(false)
    let running = Atomic<Int>(0)
    let waited = Atomic<UInt64>(0)
    let active = Atomic<UInt64>(0)
  }

  private let state = State()
  private let count: Int

  init(_ count: Int, on cpu: Int, path: String, settings: SQLiteSettings) throws {
    self.count = count
    for index in 0..<count {
      let state = state
      try ServerThread(on: cpu) {
        do {
          let database = try SQLiteDatabase(.file(path), settings)
          try Self.audit(database, state, turn: index)
        } catch { fatalError("a reader: \(error)") }
      }
    }
  }

  deinit { state.isOver.store(true, ordering: .releasing) }

  private static func audit(_ database: SQLiteDatabase, _ state: State, turn: Int) throws {
    let sum = try database.prepare("SELECT count(*), sum(balance) FROM accounts")
    while !state.isOver.load(ordering: .acquiring) {
      guard state.mayRun.load(ordering: .acquiring) else {
        usleep(1_000)
        continue
      }
      state.running.wrappingAdd(1, ordering: .acquiringAndReleasing)
      let (start, waitedBefore) = (Clock.now(), database.nanosecondsWaited)
      _ = try sum.step()
      precondition(sum.integer(1) == 1_000 * sum.integer(0), "a reader saw half of a transfer")
      sum.reset()
      state.waited.wrappingAdd(database.nanosecondsWaited - waitedBefore, ordering: .relaxed)
      state.active.wrappingAdd(Clock.now() - start, ordering: .relaxed)
      state.running.wrappingSubtract(1, ordering: .acquiringAndReleasing)
      usleep(Transfers.pause)
    }
  }

  func start() { state.mayRun.store(true, ordering: .releasing) }

  /// Returns when no reader reads any more.
  func stop() {
    state.mayRun.store(false, ordering: .releasing)
    while state.running.load(ordering: .acquiring) > 0 { usleep(100) }
  }

  /// Of the time in which readers wanted to read, the share that they waited for locks, since the
  /// last call; nil where none has read.
  func takeWaitShare() -> Double? {
    let active = state.active.exchange(0, ordering: .relaxed)
    let waited = state.waited.exchange(0, ordering: .relaxed)
    return active > 0 ? Double(waited) / Double(active) : nil
  }
}
