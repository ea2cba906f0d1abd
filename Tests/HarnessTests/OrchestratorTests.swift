import Harness
import PlantedExperiments
import Platform
import Results
import Testing

@Suite(.serialized) struct OrchestratorTests {
  private func run(
    _ name: String, _ orchestrator: Orchestrator = plantedOrchestrator()
  ) throws -> ExperimentResult {
    try orchestrator.run(plantedExperiment(name), sources: []) { _ in }
  }

  @Test func measuresEveryPointOfAnHonestExperiment() throws {
    let result = try run("half")
    #expect(result.status == .measured)
    #expect(result.points.map(\.status) == [.measured, .measured])
    for point in result.points {
      #expect(point.processes == 2)
      #expect(point.variants.map(\.name) == ["before", "after"])
      #expect(point.null != nil)
      #expect(point.candidates.count == 1)
      #expect(point.candidates[0].speedup != nil)
    }
  }

  @Test func drawsNoVerdictFromTwoProcesses() throws {
    let result = try run("half")
    #expect(result.points.allSatisfy { $0.candidates[0].verdict == .unresolved })
  }

  @Test(arguments: [
    ("crash", "SIGABRT", "about to fall"), ("killed", "SIGKILL", ""),
    ("quits", "exit code 3", "enough"),
  ])
  func aWorkerThatEndsLosesItsPointsWithItsLastWords(
    name: String, how: String, words: String
  ) throws {
    let result = try run(name)
    #expect(result.status == .failed)
    #expect(result.points.count == 2)
    #expect(result.points.allSatisfy { $0.status == .failed })
    let reason = try #require(result.points[0].reason)
    #expect(reason.contains(how))
    #expect(reason.contains(words))
    #expect(!reason.contains("\n"))
  }

  @Test func aHungWorkerIsKilledAfterItsTime() throws {
    let result = try run("hang", plantedOrchestrator(launch: plantedLaunch(timeout: 0.3)))
    #expect(result.status == .failed)
    #expect(result.points[0].reason?.contains("did not answer") == true)
  }

  @Test(arguments: ["wrong", "wrong-later"])
  func aWrongResultStopsTheExperiment(name: String) throws {
    let result = try run(name)
    #expect(result.status == .failed)
    #expect(result.reason?.hasPrefix("wrong result: after returned") == true)
    #expect(result.points.count(where: { $0.status == .failed }) == 1)
    #expect(result.points.dropFirst().allSatisfy { $0.status == .skipped })
  }

  @Test func aKernelBelowAMicrosecondIsRefused() throws {
    let result = try run("short")
    #expect(result.status == .failed)
    #expect(result.reason?.contains("below 1 µs") == true)
  }

  @Test func aMetricThatIsNotReportedFailsThePoint() throws {
    #expect(try run("silent-metric").reason?.contains("did not report depth") == true)
  }

  @Test func aVariantThatCannotBePreparedSaysWhy() throws {
    #expect(try run("unprepared").reason?.contains("noRoom") == true)
  }

  @Test func instancesWithOtherEnvironmentsTakeTurnsInWorkersOfTheirOwn() throws {
    let point = try run("environments").points[0]
    #expect(point.status == .measured)
    #expect(point.variants[0].counters["planted"]?.value == 0)
    #expect(point.variants[1].counters["planted"]?.value == 7)
    // The baseline's two instances share a process no more than the others do.
    #expect(point.variants.allSatisfy { $0.counters["instances"]?.value == 1 })
  }

  @Test func moreIsBetterWhereTheMetricSaysSo() throws {
    let point = try run("reporting").points[0]
    let speedup = try #require(point.candidates[0].speedup)
    #expect(abs(speedup.estimate - 4) < 1e-9)
    #expect(point.variants[0].unit == .bytesPerSecond)
  }

  @Test func predictionsAreStoredBeforeAnythingIsMeasured() throws {
    var machine = anyMachine
    let number = Quantity(Interval(estimate: 3, low: 3, high: 3), unit: .count)
    machine.numbers["planted.gain"] = MachineNumber(number, method: "planted")
    var order: [String] = []
    _ = try plantedOrchestrator(machine: machine).run(
      plantedExperiment("reporting"), sources: []
    ) { event in
      switch event {
      case .profiled: break
      case .predicted(let result):
        order.append("predicted")
        #expect(result.points.allSatisfy { $0.status == .pending && $0.variants.isEmpty })
        #expect(result.points[0].candidates[0].predicted?.speedup == 3)
      case .started: order.append("started")
      case .measured: order.append("measured")
      }
    }
    #expect(order == ["predicted", "started", "measured"])
  }

  @Test func aModelWithoutItsNumberSaysWhichIsMissing() throws {
    let point = try run("reporting").points[0]
    #expect(point.candidates[0].predicted == nil)
    #expect(point.warnings == ["no prediction for after: no value for planted.gain"])
  }

  @Test func anInterruptKeepsThePointsMeasuredBeforeIt() throws {
    let laboratory = try ChildProcess(
      path: "/bin/sh", arguments: ["-c", "\(plantedLaunch().path) interrupted >&4"],
      environment: [:], cpus: try Affinity.allowed())
    let answer = String(decoding: try laboratory.readLine(within: 20), as: UTF8.self)
    #expect(answer == "measured measured pending")
  }

  @Test(arguments: [
    ("garbage", "not a reply"), ("silence", "did not answer"), ("deaf", "exit code 9"),
  ])
  func aFakeWorkerLosesThePointAndNothingElse(mode: String, reason: String) throws {
    let launch = plantedLaunch([mode], timeout: 0.4)
    let result = try run("same", plantedOrchestrator(launch: launch))
    #expect(result.status == .failed)
    #expect(result.points.allSatisfy { $0.reason?.contains(reason) == true })
  }

  @Test func aWorkerThatDoesNotExistIsNamed() throws {
    let launch = WorkerLaunch(path: "/nonexistent/worker", arguments: [], environment: [:])
    let result = try run("same", plantedOrchestrator(launch: launch))
    #expect(result.reason?.contains("/nonexistent/worker") == true)
  }
}
