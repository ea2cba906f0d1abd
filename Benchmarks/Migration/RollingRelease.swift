import Databases
import Drills
import Harness
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
  private let between: Int
  private var database: SQLiteDatabase
  private var random: SeededGenerator
  /// The last acknowledged name of each customer.
  private var truth: [Int]
  private var newInstances = 0
  private var (asked, failed, wrong) = (0, 0, 0)
  private var wrongAfterRollback = 0
  private var wrongAfterFullDisk = 0
  private var done: Set<String> = []

  init(_ point: Point, _ drill: (RollingRelease) -> Drill) throws {
    between = point.value
    random = point.generator()
    truth = []
    database = try SQLiteDatabase(.memory)
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

  private enum Version { case old, new }

  private func begin() throws {
    database = try SQLiteDatabase(.memory)
    // Small pages, so that a few customers fill some.
    try database.execute("PRAGMA page_size = 512")
    try database.execute("CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT)")
    for id in 0..<Self.customers {
      try database.execute("INSERT INTO customers VALUES (\(id), '\(Self.name(0))')")
    }
    truth = [Int](repeating: 0, count: Self.customers)
    (newInstances, asked, failed, wrong) = (0, 0, 0, 0)
    done = []
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
      ]
      return UInt64(asked)
    }
  }

  // The steps.

  func step(_ name: String, _ sql: String, undo: String?) -> Step {
    let take: @Sendable (String) throws -> Void = { [self] sql in
      try database.transaction { try database.execute(sql) }
    }
    guard let undo else { return Step(name, within: 5, action: { _ in try take(sql) }) }
    return Step(
      name, within: 5,
      action: { [self] _ in
        try take(sql)
        done.insert(name)
      },
      // A step that failed has done nothing.
      rollback: { [self] in if done.remove(name) != nil { try take(undo) } })
  }

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
          try write(customer, asked, version)
          truth[customer] = asked
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
    try database.execute("UPDATE customers SET \(values) WHERE id = \(customer)")
  }

  private func read(_ customer: Int, _ version: Version) throws -> String {
    let column = version == .old ? "name" : "given || ' ' || family"
    let row = try database.prepare("SELECT \(column) FROM customers WHERE id = \(customer)")
    return try row.step() ? row.text(0) : ""
  }

  /// Customers whose name is not the last acknowledged one.
  private func rows(_ version: Version) throws -> Int {
    try truth.indices.count { try read($0, version) != Self.name(truth[$0]) }
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
