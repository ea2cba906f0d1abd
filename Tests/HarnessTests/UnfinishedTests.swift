import FoundationEssentials
import Results
import Testing

@testable import Harness

/// An experiment that another process of perflab goes on with.
@Suite(.serialized) struct UnfinishedTests {
  private let several = Preset(
    name: "several", processes: 6...12, secondsPerProcess: 0.002, pointSeconds: 0.05,
    halfWidth: 0.5, passes: 3)

  private func stored(
    _ unfinished: ExperimentSession.Unfinished
  ) throws -> ExperimentSession.Unfinished {
    try JSONDecoder().decode(
      ExperimentSession.Unfinished.self, from: try JSONEncoder().encode(unfinished))
  }

  private func begun(_ name: String) throws -> ExperimentSession {
    var session = try plantedOrchestrator(several).begin(plantedExperiment(name), sources: []) {
      _ in
    }
    #expect(session.unfinished == nil)
    _ = try session.measure(Pass(0, of: 3)) { _ in }
    return session
  }

  @Test func goesOnWithTheNextPass() throws {
    let first = try begun("same")
    let unfinished = try stored(try #require(first.unfinished))
    var second = try #require(
      plantedOrchestrator(several).resume(plantedExperiment("same"), unfinished))
    #expect(second.result == first.result && second.result.isUnfinished)
    #expect(second.hasTaken(Pass(0, of: 3)) && !second.hasTaken(Pass(1, of: 3)))
    var started = 0
    #expect(try second.measure(Pass(0, of: 3)) { if case .started = $0 { started += 1 } })
    #expect(started == 0 && second.result == first.result)
    for pass in 1..<3 { #expect(try second.measure(Pass(pass, of: 3)) { _ in }) }
    #expect(!second.result.isUnfinished)
    for (index, (_, records)) in second.measured.enumerated() {
      let before = first.measured[index].records
      #expect(records.count > before.count && records.count >= 6)
      #expect(times(records.prefix(before.count)) == times(before[...]))
      #expect(Set(records.map(\.iterations)).count == 1)
    }
  }

  private func times(_ records: ArraySlice<ProcessRecord>) -> [Double] {
    records.flatMap(\.blocks).flatMap(\.slots).map(\.nanoseconds)
  }

  @Test func whatIsSimulatedStaysAsItIs() throws {
    let first = try begun("simulated")
    let unfinished = try stored(try #require(first.unfinished))
    let second = try #require(
      plantedOrchestrator(several).resume(plantedExperiment("simulated"), unfinished))
    #expect(second.result == first.result && !second.result.isUnfinished)
  }

  @Test func anExperimentThatChangedDoesNotGoOn() throws {
    let unfinished = try #require(try begun("same").unfinished)
    let orchestrator = plantedOrchestrator(several)
    let same = plantedExperiment("same")
    #expect(orchestrator.resume(plantedExperiment("half"), unfinished) == nil)
    let narrow = same.narrowed(to: [unfinished.pending.points[0].parameter])
    #expect(orchestrator.resume(narrow, unfinished) == nil)
    var missing = unfinished
    missing.pending.points[0].candidates[0].reason = "it was not there"
    #expect(orchestrator.resume(same, missing) == nil)
  }

  @Test func columnsOfDifferentLengthsAreNoRecord() throws {
    let record = try #require(try begun("same").measured.first?.records.first)
    let text = String(decoding: try JSONEncoder().encode(record), as: UTF8.self)
    let cut = text.replacing("\"slots\":6", with: "\"slots\":5")
      .replacing("\"slots\":4", with: "\"slots\":5")
    #expect(cut != text)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(ProcessRecord.self, from: Data(cut.utf8))
    }
  }
}
