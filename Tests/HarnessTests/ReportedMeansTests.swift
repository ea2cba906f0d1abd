import Results
import Testing

@testable import Harness

/// What processes report: not each of them reports everything.
@Suite struct ReportedMeansTests {
  private func process(_ reports: [String: Counter]) -> ProcessRecord {
    var record = ProcessRecord()
    let slot = ProcessRecord.Slot(
      instance: 0, nanoseconds: 1, value: 1, counters: [], reports: reports, observations: nil)
    record.blocks = [ProcessRecord.Block(slots: [slot], disturbances: [], additionsPerCycle: [])]
    return record
  }

  @Test("a mean is over the processes that report it")
  func means() {
    let analysis = PointAnalysis(
      [
        process(["a": Counter(2, unit: .count), "b": Counter(4, unit: .count)]),
        process(["a": Counter(4, unit: .count), "b": Counter(unavailable: "not in this one")]),
        process(["a": Counter(6, unit: .count)]),
      ], metric: .time)
    #expect(analysis.counters(of: [0]).reports == ["a": 4, "b": 4])
  }

  @Test("processes of a point have turns, also in a worker's message")
  func turns() throws {
    let assignment = Assignment(
      experiment: "cpu/x", parameter: Parameter(value: 1, label: "1"), seed: 1, cpus: [0],
      instances: [0], firstCall: .compared, turn: 3)
    let message = WorkerProtocol.encode(Request.prepare(assignment))
    #expect(try WorkerProtocol.decode(Request.self, from: message) == .prepare(assignment))
  }
}
