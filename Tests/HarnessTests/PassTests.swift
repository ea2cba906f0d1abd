import Results
import Statistics
import Testing

@testable import Harness

/// A point's processes in several passes.
@Suite struct PassTests {
  private let several = Preset(
    name: "several", processes: 6...12, secondsPerProcess: 0.002, pointSeconds: 0.05,
    halfWidth: 0.5, passes: 3)

  @Test func whatIsDueGrowsToTheWhole() {
    let passes = (0..<3).map { Pass($0, of: 3) }
    #expect(passes.map { $0.due(of: 9) } == [3, 6, 9])
    #expect(passes.map { $0.due(of: 7) } == [3, 5, 7])
    #expect(passes.map { $0.due(of: 1) } == [1, 1, 1])
    #expect(passes.map { $0.due(of: 1.5) } == [0.5, 1, 1.5])
    #expect(passes.map(\.isLast) == [false, false, true] && Pass.only.isLast)
  }

  @Test func eachPassAddsProcessesAndOnlyTheLastFinishesAPoint() throws {
    let orchestrator = plantedOrchestrator(several)
    var session = try orchestrator.begin(plantedExperiment("same"), sources: []) { _ in }
    var processes = [0]
    for index in 0..<3 {
      #expect(session.result.isUnfinished)
      #expect(try session.measure(Pass(index, of: 3)) { _ in })
      let point = try #require(session.result.points.first)
      #expect(point.status == .measured && point.processes > processes.last!)
      #expect(point.variants.count == 2 && point.candidates.count == 1)
      #expect(session.measured.first?.records.count == point.processes)
      processes.append(point.processes)
    }
    #expect(!session.result.isUnfinished && processes.last! >= 6)
    // A further pass finds nothing to do.
    let finished = session.result
    #expect(try session.measure(.only) { _ in })
    #expect(session.result == finished)
  }

  @Test func anExperimentThatWasStoppedStaysSo() throws {
    var session = try plantedOrchestrator(several).begin(
      plantedExperiment("wrong-at-two"), sources: []
    ) { _ in }
    #expect(try session.measure(Pass(0, of: 3)) { _ in })
    let after = session.result
    #expect(after.status == .failed && after.reason?.hasPrefix("wrong result") == true)
    #expect(after.points.map(\.status) == [.skipped, .failed] && !after.isUnfinished)
    #expect(session.unfinished == nil && session.measured.allSatisfy { $0.point.reason != nil })
    for pass in 1..<3 {
      #expect(session.pointsLeft(in: Pass(pass, of: 3)) == 0)
      #expect(try session.measure(Pass(pass, of: 3)) { _ in })
      #expect(session.result == after)
    }
  }

  @Test func aLostProcessCostsThePointNothing() throws {
    let experiment = plantedExperiment("hang")
    var point = PointMeasurement(
      experiment, at: experiment.sweep.values[0], variants: [0, 1], preset: several, seed: 1,
      cpus: [allowedCPU()], machine: anyMachine,
      builds: [WorkerBuild(plantedLaunch(timeout: 0.3))])
    #expect(throws: PointFailure.self) { try point.measure(.only) }
    #expect(point.progress.wallSeconds == 0)
  }

  @Test func whatFailedOrIsSimulatedIsNotTakenAgain() throws {
    for name in ["wrong", "simulated"] {
      var session = try plantedOrchestrator(several).begin(
        plantedExperiment(name), sources: []
      ) { _ in }
      #expect(try session.measure(Pass(0, of: 3)) { _ in })
      let after = session.result
      #expect(!after.isUnfinished)
      var started = 0
      #expect(try session.measure(Pass(1, of: 3)) { if case .started = $0 { started += 1 } })
      #expect(started == 0 && session.result == after)
    }
  }

  @Test("a wide verdict gets more time, and nothing else does")
  func timeOfVerdicts() {
    let wide = ConfidenceInterval(estimate: 0.1, low: -0.2, high: 0.4, coverage: 0.95)
    let narrow = ConfidenceInterval(estimate: 0.1, low: 0.05, high: 0.15, coverage: 0.95)
    let budget = Preset.standard.pointSeconds
    #expect(Preset.standard.seconds(isVerdict: true, [narrow, wide]) == 4 * budget)
    #expect(Preset.standard.seconds(isVerdict: true, [narrow]) == budget)
    #expect(Preset.standard.seconds(isVerdict: false, [wide]) == budget)
    #expect(Preset.quick.seconds(isVerdict: true, [wide]) == Preset.quick.pointSeconds)
  }
}
