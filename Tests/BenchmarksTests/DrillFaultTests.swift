import Harness
import Platform
import Testing

@testable import MigrationBenchmarks

/// What was acknowledged is there after a fault in the middle, in the way that an experiment
/// recommends.
@Suite("Faults in the middle of drills", .serialized)
struct DrillFaultTests {
  /// Whether ordinary users may mount a disk here: where not, there is no figure of a full one.
  private static let mayMount: Bool = {
    let copy = try? ProcessCopy(seconds: 5) { say in
      _ = try SmallDisk(at: "/tmp", bytes: 1 << 20)
      say(1)
    }
    return (try? copy?.word()) == 1
  }()

  /// Of the last variant of an experiment, and of the one before it.
  private func counts(
    _ experiment: Experiment, _ names: [String], seed: UInt64
  ) throws -> (before: [Double?], after: [Double?]) {
    let outcomes = try SmokeRun.outcomes(of: experiment, seed: seed)
    let reports = outcomes.suffix(2).map { outcome in names.map { outcome.reports[$0]?.value } }
    return (reports[0], reports[1])
  }

  @Test("sessions that are copied where they are missing")
  func sessions() throws {
    let names = ["sessions wrong after kill -9", "sessions wrong after a full disk"]
    let found = try (1...3).map { try counts(.sessionKV, names, seed: $0).after }
    #expect(found.allSatisfy { $0[0] == 0 })
    let full = found.compactMap { $0[1] }
    #expect(full.allSatisfy { $0 == 0 } && full.isEmpty != Self.mayMount)
  }

  @Test("sessions are found to be wrong where the copier overwrites")
  func overwrittenSessions() throws {
    let name = "sessions wrong after kill -9"
    let wrong = try (1...3).map { try counts(.sessionKV, [name], seed: $0).before }
    #expect(wrong.contains { ($0[0] ?? 0) > 0 })
  }

  private static let faults = MoveFaults.Fault.allCases.filter { $0 != .fullTarget || mayMount }

  @Test("a database that moves", arguments: faults)
  func databases(fault: MoveFaults.Fault) throws {
    let cpu = try #require(Affinity.allowed().first)
    // A copy of a process whose other threads are busy may hang, and is then ended.
    let wrong = (1...4 as ClosedRange<UInt64>).compactMap { seed in
      var faults = MoveFaults(seed, cpu: cpu) { store in
        try store.sendSnapshot()
        _ = try store.sendChanges()
        store.stopWrites()
        _ = try store.sendChanges()
        try store.cutOver()
      }
      return try? faults.wrong(after: fault)
    }
    #expect(!wrong.isEmpty && wrong.allSatisfy { $0 == 0 })
  }

  @Test("a column that becomes two", arguments: 1...3 as ClosedRange<UInt64>)
  func columns(seed: UInt64) throws {
    let names = [
      "rows wrong after kill -9", "rows wrong after a full disk", "rows wrong after a cut link",
    ]
    let found = try counts(.expandContract, names, seed: seed)
    #expect(found.after == [0, 0, 0])
    #expect((found.before[0] ?? 0) > 0)
  }
}
