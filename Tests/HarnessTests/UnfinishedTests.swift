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
    var second = try plantedOrchestrator(several).resume(plantedExperiment("same"), unfinished)
    #expect(second.result == first.result && second.result.isUnfinished)
    #expect(second.pointsLeft(in: Pass(1, of: 3)) == 2)
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
    let second = try plantedOrchestrator(several).resume(
      plantedExperiment("simulated"), unfinished)
    #expect(second.result == first.result && !second.result.isUnfinished)
  }

  @Test func anExperimentThatChangedDoesNotGoOn() throws {
    let unfinished = try #require(try begun("same").unfinished)
    let orchestrator = plantedOrchestrator(several)
    let same = plantedExperiment("same")
    #expect(throws: ResumeFailure.changed) {
      try orchestrator.resume(plantedExperiment("half"), unfinished)
    }
    let narrow = same.narrowed(to: [unfinished.pending.points[0].parameter])
    #expect(throws: ResumeFailure.changed) { try orchestrator.resume(narrow, unfinished) }
    var missing = unfinished
    missing.pending.points[0].candidates[0].reason = "it was not there"
    #expect(throws: ResumeFailure.changed) { try orchestrator.resume(same, missing) }
  }

  /// Its library is there at first.
  private func withPeer(_ version: String?) -> Orchestrator {
    var facilities = twoCores
    facilities.peer = { peer in
      version.map { .success(PeerVersion($0)) } ?? .failure(.absent(peer.library))
    }
    return Orchestrator(
      preset: several, seed: 42, cpus: [allowedCPU()], machine: anyMachine,
      facilities: facilities, launch: plantedLaunch())
  }

  @Test func whatAPeerIsMayNotChange() throws {
    let compared = plantedExperiment("compared")
    let pending = try withPeer("Planted 1.2").begin(compared, sources: []) { _ in }.result
    let unfinished = ExperimentSession.Unfinished(pending: pending, points: [:])
    #expect(throws: Never.self) { try withPeer("Planted 1.2").resume(compared, unfinished) }
    #expect(throws: ResumeFailure.changed) {
      try withPeer("Planted 1.3").resume(compared, unfinished)
    }
    #expect(throws: ResumeFailure.unmet("Planted is not there; type: make peers")) {
      try withPeer(nil).resume(compared, unfinished)
    }
  }

  @Test func whatCannotHaveBeenMeasuredIsDamaged() throws {
    let unfinished = try #require(try begun("same").unfinished)
    let known = try #require(unfinished.points[0])
    let pace = try #require(known.pace)
    func changed(_ change: (inout PointProgress) -> Void) -> PointProgress {
      var progress = known
      change(&progress)
      return progress
    }
    func with(iterations: Int? = nil, batch: Int? = nil, warmUp: [Int]? = nil) -> PointProgress {
      changed {
        $0.pace = PointProgress.Pace(
          iterations: iterations ?? pace.iterations, batch: batch ?? pace.batch,
          warmUpCalls: warmUp ?? pace.warmUpCalls)
      }
    }
    let slot = ProcessRecord.Slot(
      instance: 9, nanoseconds: 1, value: 1, counters: [], reports: [:], observations: nil)
    let block = ProcessRecord.Block(slots: [slot], disturbances: [], additionsPerCycle: [])
    let impossible = [
      changed { $0.passes = 9 }, changed { $0.passes = 3 }, changed { $0.pace = nil },
      with(iterations: 0), with(batch: -1), with(batch: 1 << 62), with(warmUp: []),
      with(warmUp: pace.warmUpCalls.map { _ in -1 }), changed { $0.records[0].blocks = [block] },
      changed { $0.records[0].iterations += 1 },
    ]
    let same = plantedExperiment("same")
    for progress in impossible {
      var damaged = unfinished
      damaged.points[0] = progress
      #expect(throws: ResumeFailure.damaged, "\(progress.pace as Any) \(progress.passes)") {
        try plantedOrchestrator(several).resume(same, damaged)
      }
    }
    var damaged = unfinished
    damaged.points[7] = known
    #expect(throws: ResumeFailure.damaged) {
      try plantedOrchestrator(several).resume(same, damaged)
    }
  }

  @Test func columnsOfDifferentLengthsAreNoRecord() throws {
    let record = try #require(try begun("same").measured.first?.records.first)
    let text = String(decoding: try JSONEncoder().encode(record), as: UTF8.self)
    for (field, value) in [("slots", "5"), ("slots", "4611686018427387904"), ("iterations", "0")] {
      let changed = text.replacing(/"\w+":\d+/) { match in
        match.output.hasPrefix("\"\(field)\"") ? "\"\(field)\":\(value)" : String(match.output)
      }
      #expect(changed != text)
      #expect(throws: DecodingError.self) {
        try JSONDecoder().decode(ProcessRecord.self, from: Data(changed.utf8))
      }
    }
  }
}
