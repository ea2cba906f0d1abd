import Databases
import Drills
import Harness
import Platform
import Results
import Statistics

/// Instances of two versions of a program that read and write names of customers, replaced one by
/// one.
final class RollingRelease: @unchecked Sendable {
  // SAFETY (@unchecked): a drill takes one step after the other, and its caller waits.
  private static let (instances, customers) = (8, 50)
  /// One request in so many writes.
  private static let oneWriteIn = 4

  private(set) var report: [String: Counter] = [:]
  /// Requests between two instances.
  private var between: Int
  private var database: SQLiteDatabase
  /// Behind a link; nil where the database is here.
  private var remote: RemoteCustomers?
  private var random: SeededGenerator
  /// The last acknowledged name of each customer.
  private var truth: [Int]
  /// Writes since then that nobody acknowledged, by customer: they may be there or not.
  private var unanswered: [Int: Int] = [:]
  private var newInstances = 0
  private var (asked, failed, wrong) = (0, 0, 0)
  private var wrongAfterRollback = 0
  private var wrongAfterFullDisk = 0
  private var wrongAfterKill = 0
  private var wrongAfterCut = 0
  /// Told of each write before it begins, as −(request · customers + customer), and without the sign
  /// when it is acknowledged; nil where nobody listens.
  private var say: ((Int) -> Void)?

  init(_ point: Point, _ drill: (RollingRelease) -> Drill) throws {
    between = point.value
    random = point.generator()
    truth = []
    database = try SQLiteDatabase(.memory)
    wrongAfterKill = try afterKill(drill)
    wrongAfterCut = try afterCut(drill)
    try begin()
    let rehearsed = drill(self)
    guard rehearsed.steps[0].isReversible else { return }
    let log = rehearsed.rehearseRollback(of: "replace the instances")
    precondition(log.ending == .rolledBack, "\(log)")
    wrongAfterRollback = try rows(.old)
    wrongAfterFullDisk = try afterFullDisk(drill)
  }

  /// The database has no room when the drill begins: it must end as if nothing had been done.
  private func afterFullDisk(_ drill: (RollingRelease) -> Drill) throws -> Int {
    try begin()
    let pages = try database.integer("PRAGMA page_count") ?? 0
    try database.execute("PRAGMA max_page_count = \(pages)")
    let log = drill(self).run()
    try database.execute("PRAGMA max_page_count = 1000000")
    guard case .failed(let reason) = log.entries[0].outcome, reason.contains("full") else {
      preconditionFailure("the new columns found room: \(log)")
    }
    precondition(log.ending == .rolledBack, "\(log)")
    serve(4 * between)
    return try rows(.old)
  }

  /// The process of the release is killed before one of its writes or behind it. Another one goes
  /// through all steps again.
  private func afterKill(_ drill: (RollingRelease) -> Drill) throws -> Int {
    let folder = try ScratchFolder(bytes: 4 << 20)
    let file = SQLiteDatabase.Place.file(folder.file("customers"))
    try begin(in: file)
    // The copy opens it for itself.
    database = try SQLiteDatabase(.memory)
    let copy = try ProcessCopy(seconds: 5, keepsFiles: true) { say in
      try withoutActuallyEscaping(say) { say in
        self.say = say
        defer { self.say = nil }
        database = try Self.opened(file)
        _ = drill(self).run()
      }
    }
    let writes = Self.instances * between / Self.oneWriteIn
    let moment = Int.random(in: 1...writes, using: &random)
    var (words, last) = (0, 0)
    while let word = try? copy.word() {
      (words, last) = (words + 1, word)
      let (number, customer) = abs(word).quotientAndRemainder(dividingBy: Self.customers)
      asked = number
      if word > 0 { truth[customer] = number }
      if words == moment { copy.kill() }
    }
    database = try Self.opened(file)
    if last < 0 { unanswered[-last % Self.customers] = -last / Self.customers }
    let log = drill(self).run()
    precondition(log.ending == .completed, "\(log)")
    return try rows(.new)
  }

  /// The link to the database is cut at a step or a request, before it is done or behind it, and
  /// repaired after some more. Where the drill has not completed, all steps are gone through again.
  private func afterCut(_ drill: (RollingRelease) -> Drill) throws -> Int {
    let folder = try ScratchFolder(bytes: 4 << 20)
    try begin(in: .file(folder.file("customers")))
    database = try SQLiteDatabase(.memory)
    let own = between
    between = min(between, 20)
    let last = Self.instances * between + drill(self).steps.count - 1
    let moments = [1, Int.random(in: 2..<last, using: &random), last]
    let remote = try RemoteCustomers(
      folder.file("customers"), cutAt: moments.randomElement(using: &random)!,
      isDone: Bool.random(using: &random))
    self.remote = remote
    defer { (self.remote, between) = (nil, own) }
    let hasCompleted = drill(self).run().ending == .completed
    remote.repair()
    if !hasCompleted {
      let log = drill(self).run()
      precondition(log.ending == .completed, "\(log)")
    }
    return try rows(.new)
  }

  private enum Version { case old, new }

  /// In small pages, so that a few customers fill some. What a process leaves in a file outlives it,
  /// whatever is on the device.
  static func opened(_ place: SQLiteDatabase.Place) throws -> SQLiteDatabase {
    try SQLiteDatabase(place, SQLiteSettings(pageBytes: 512, journal: .wal, synchronous: .off))
  }

  private func begin(in place: SQLiteDatabase.Place = .memory) throws {
    database = try Self.opened(place)
    try database.execute("CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT)")
    try database.execute("CREATE TABLE steps(name TEXT PRIMARY KEY)")
    for id in 0..<Self.customers {
      try database.execute("INSERT INTO customers VALUES (\(id), '\(Self.name(0))')")
    }
    truth = [Int](repeating: 0, count: Self.customers)
    unanswered = [:]
    (newInstances, asked, failed, wrong) = (0, 0, 0, 0)
  }

  private static func name(_ number: Int) -> String { "given\(number) family\(number)" }

  /// Takes all steps under requests.
  /// - Returns: the requests that were asked.
  func run(_ drill: (RollingRelease) -> Drill) -> UInt64 {
    orEnd {
      try begin()
      let log = drill(self).run()
      precondition(log.ending == .completed, "\(log)")
      report = [
        "requests answered right": .share(Double(asked - failed - wrong) / Double(asked)),
        "failed requests": .count(Double(failed)),
        "rows wrong in the end": .count(Double(try rows(.new))),
        "rows wrong after the rollback": .count(Double(wrongAfterRollback)),
        "rows wrong after a full disk": .count(Double(wrongAfterFullDisk)),
        "rows wrong after kill -9": .count(Double(wrongAfterKill)),
        "rows wrong after a cut link": .count(Double(wrongAfterCut)),
      ]
      return UInt64(asked)
    }
  }

  // The steps.

  /// A step enters itself into the database in its own transaction: it is not taken twice, and one
  /// that failed has nothing to undo.
  func step(_ name: String, _ sql: String, undo: String?) -> Step {
    let take: @Sendable (Deadline) throws -> Void = { [self] _ in
      try store.run(
        "\(sql); INSERT INTO steps VALUES ('\(name)')",
        if: "SELECT 1 WHERE '\(name)' NOT IN (SELECT name FROM steps)")
    }
    guard let undo else { return Step(name, within: 5, action: take) }
    return Step(
      name, within: 5, action: take,
      rollback: { [self] in
        try store.run(
          "\(undo); DELETE FROM steps WHERE name = '\(name)'",
          if: "SELECT 1 FROM steps WHERE name = '\(name)'")
      })
  }

  private var store: any CustomerStore { remote ?? database }

  func replaceInstances() -> Step {
    Step(
      "replace the instances", within: 10,
      action: { [self] _ in
        for _ in 0..<Self.instances {
          serve(between)
          newInstances += 1
        }
      },
      rollback: { [self] in
        while newInstances > 0 {
          newInstances -= 1
          serve(between / 4)
        }
      })
  }

  private func serve(_ requests: Int) {
    for _ in 0..<requests {
      asked += 1
      let instance = Int.random(in: 0..<Self.instances, using: &random)
      let version: Version = instance < newInstances ? .new : .old
      let customer = Int.random(in: 0..<Self.customers, using: &random)
      do {
        if Int.random(in: 0..<Self.oneWriteIn, using: &random) == 0 {
          let word = asked * Self.customers + customer
          say?(-word)
          do { try write(customer, asked, version) } catch let error as SystemError {
            unanswered[customer] = asked
            throw error
          }
          (truth[customer], unanswered[customer]) = (asked, nil)
          say?(word)
        } else if try read(customer, version) != Self.name(truth[customer]) {
          wrong += 1
        }
      } catch { failed += 1 }
    }
  }

  private func write(_ customer: Int, _ number: Int, _ version: Version) throws {
    let values =
      version == .old
      ? "name = '\(Self.name(number))'" : "given = 'given\(number)', family = 'family\(number)'"
    _ = try store.text("UPDATE customers SET \(values) WHERE id = \(customer)")
  }

  private func read(_ customer: Int, _ version: Version) throws -> String {
    let column = version == .old ? "name" : "given || ' ' || family"
    return try store.text("SELECT \(column) FROM customers WHERE id = \(customer)")
  }

  /// Customers whose name is not the last acknowledged one.
  private func rows(_ version: Version) throws -> Int {
    try truth.indices.count { customer in
      let (name, other) = (try read(customer, version), unanswered[customer])
      return name != Self.name(truth[customer]) && name != other.map(Self.name)
    }
  }

  /// What a whiteboard expects where nothing keeps the forms in step: a row is wrong for those who
  /// do not have its last writer's version.
  static func rightAnswers(between: Int) -> Double {
    var (byOld, byNew, right) = (0.0, 0.0, 0.0)
    let write = 1 / Double(oneWriteIn) / Double(customers)
    for instance in 0..<instances {
      let new = Double(instance) / Double(instances)
      for _ in 0..<between {
        right += 1 - (1 - 1 / Double(oneWriteIn)) * (byOld * new + byNew * (1 - new))
        byOld += write * (1 - new) - write * byOld
        byNew += write * new - write * byNew
      }
    }
    return right / Double(instances * between)
  }
}
