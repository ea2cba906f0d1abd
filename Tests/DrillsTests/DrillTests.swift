import Dispatch
import Glibc
import Synchronization
import Testing

@testable import Drills

@Suite struct DrillTests {
  /// What steps have done, in the order of time.
  private final class Record: Sendable {
    private let lines = Mutex<[String]>([])
    var all: [String] { lines.withLock { $0 } }
    func add(_ line: String) { lines.withLock { $0.append(line) } }
  }

  private struct Trouble: Error, CustomStringConvertible {
    let description: String
  }

  private func step(
    _ name: String, _ record: Record, fails: String? = nil, refuses: String? = nil,
    rollback: String? = nil
  ) -> Step {
    Step(
      name, within: 5,
      action: { _ in
        record.add(name)
        if let fails { throw Trouble(description: fails) }
      },
      check: { refuses },
      rollback: {
        record.add("undo \(name)")
        if let rollback { throw Trouble(description: rollback) }
      })
  }

  @Test func stepsAreTakenInTurn() {
    let record = Record()
    let log = Drill("move", [step("a", record), step("b", record)]).run()
    #expect(log.ending == .completed && log.failure == nil)
    #expect(record.all == ["a", "b"])
    #expect(log.entries.map(\.outcome) == [.succeeded, .succeeded])
    #expect(log.entries[1].start >= log.entries[0].start + log.entries[0].duration)
  }

  @Test func afterAFailureAllIsUndoneFromTheLastToTheFirst() {
    let record = Record()
    let drill = Drill(
      "move", [step("a", record), step("b", record, fails: "no room"), step("c", record)])
    let log = drill.run()
    #expect(log.ending == .rolledBack && log.failure == "b failed: no room")
    #expect(record.all == ["a", "b", "undo b", "undo a"])
  }

  @Test func aCheckThatFindsNoSuccessIsAFailure() {
    let record = Record()
    let log = Drill("move", [step("a", record, refuses: "3 rows differ")]).run()
    #expect(log.ending == .rolledBack)
    #expect(log.failure == "a was refused by its check: 3 rows differ")
    #expect(record.all == ["a", "undo a"])
  }

  @Test func aStepThatTakesTooLongIsRolledBack() {
    let record = Record()
    let late = Step(
      "late", within: 0.02,
      action: { deadline in
        while true {
          try deadline.check()
          usleep(1_000)
        }
      }, rollback: { record.add("undo late") })
    let log = Drill("move", [step("a", record), late]).run()
    #expect(log.ending == .rolledBack && log.failure == "late timed out")
    #expect(record.all == ["a", "undo late", "undo a"])
  }

  @Test func aStepThatIgnoresItsDeadlineIsReportedAsRunning() {
    let isFree = Mutex(false)
    let stuck = Step(
      "stuck", within: 0.01, action: { _ in while !isFree.withLock({ $0 }) { usleep(1_000) } },
      rollback: {})
    let log = Drill("move", [stuck]).run()
    isFree.withLock { $0 = true }
    #expect(log.entries[0].outcome == .timedOut(stillRuns: true))
    #expect(log.ending == .rolledBack && log.failure == "stuck timed out and still runs")
  }

  @Test func aRollbackThatFailsIsReportedAndEndsTheDrill() {
    let record = Record()
    let drill = Drill(
      "move",
      [step("a", record), step("b", record, fails: "no room", rollback: "the disk is full")])
    let log = drill.run()
    #expect(log.ending == .stranded(at: "b", "its rollback failed: the disk is full"))
    #expect(log.failure?.contains("the disk is full") == true)
    #expect(record.all == ["a", "b", "undo b"])
    #expect(log.description.split(separator: "\n").count == 4)
  }

  @Test func aPointOfNoReturnIsReported() {
    let record = Record()
    let final = Step("delete", within: 5) { _ in record.add("delete") }
    let drill = Drill("move", [step("a", record), final, step("c", record, fails: "late")])
    let log = drill.run()
    #expect(!final.isReversible)
    #expect(log.ending == .stranded(at: "delete", "it promises no rollback"))
    #expect(record.all == ["a", "delete", "c", "undo c"])
  }

  @Test func theRollbackOfEachStepCanBeRehearsed() {
    let record = Record()
    let drill = Drill("move", [step("a", record), step("b", record), step("c", record)])
    let log = drill.rehearseRollback(of: "b")
    #expect(log.ending == .rolledBack && log.failure == "b failed: rehearsal")
    #expect(record.all == ["a", "b", "undo b", "undo a"])
  }

  @Test func aRollbackThatHangsStrandsTheDrill() {
    let never = DispatchSemaphore(value: 0)
    let step = Step(
      "a", within: 5, action: { _ in throw Trouble(description: "no room") },
      rollback: { never.wait() })
    var drill = Drill("move", [step])
    drill.patience = 0.01
    let log = drill.run()
    #expect(log.ending == .stranded(at: "a", "its rollback timed out and still runs"))
    never.signal()
  }

  @Test func aCheckThatHangsIsAFailure() {
    let never = DispatchSemaphore(value: 0)
    let step = Step(
      "a", within: 5, action: { _ in },
      check: {
        never.wait()
        return nil
      }, rollback: {})
    var drill = Drill("move", [step])
    drill.patience = 0.5
    let log = drill.run()
    #expect(log.failure == "a failed: its check has not ended after 1 s")
    never.signal()
  }
}
