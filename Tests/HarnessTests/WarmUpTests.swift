import PlantedExperiments
import Platform
import Results
import Testing

@testable import Harness

/// Calls before a sample that are not timed: each instance's own.
@Suite(.serialized) struct WarmUpTests {
  /// A and A′ are fast, the candidate is slow.
  private let instances = [0, 0, 1]

  /// The calls between an instance's samples, the second one's own included.
  private func calls(_ samples: [(instance: Int, reports: [String: Counter])]) -> [[Double]] {
    instances.indices.map { instance in
      let counts = samples.filter { $0.instance == instance }.map {
        $0.reports["calls"]?.value ?? 0
      }
      return zip(counts.dropFirst(), counts).map { $0 - $1 }
    }
  }

  private func crew(_ experiment: Experiment) throws -> Crew {
    let cpus = [try Affinity.allowed().last ?? 0]
    let lineup = Lineup([0, 1], of: experiment)
    let crew = try Crew(experiment, lineup, builds: [WorkerBuild(plantedLaunch())], cpus: cpus)
    _ = try crew.prepare(
      parameter: experiment.sweep.values[0], seed: 42, cpus: cpus, firstCall: .compared)
    return crew
  }

  @Test(arguments: ["warm-up", "warm-up-in-turns"])
  func eachInstanceIsCalledAsOftenAsItIsTold(name: String) throws {
    let samples = try crew(plantedExperiment(name)).run(
      [2, 0, 1, 1, 0, 2], iterations: 2, warmUpCalls: [3, 5, 1])
    #expect(calls(samples.map { ($0.instance, $0.reports) }) == [[5], [7], [3]])
  }

  @Test(arguments: [[1, 1], [1, 1, 0, 0]])
  func callsOfOtherThanItsInstancesAreRefused(warmUpCalls: [Int]) throws {
    let crew = try crew(plantedExperiment("warm-up"))
    let trouble = "warm-up calls for \(warmUpCalls.count) instances instead of 3"
    #expect(throws: PointFailure(.protocolMismatch(trouble))) {
      try crew.run([0], iterations: 1, warmUpCalls: warmUpCalls)
    }
  }

  /// How long a call is decides; a busy machine may hold a short one up, though not time after time.
  @Test(arguments: [("warm-up", 0.0), ("warm-up-in-turns", 1)])
  func aLongCallHasNoneBeforeItUnlessProcessesTakeTurns(name: String, slow: Double) throws {
    let expected = [[3], [3], [1 + slow]]
    var found = try callsOfABlock(plantedExperiment(name))
    for _ in 0..<4 where found != expected { found = try callsOfABlock(plantedExperiment(name)) }
    #expect(found == expected)
  }

  private func callsOfABlock(_ experiment: Experiment) throws -> [[Double]] {
    let preset = Preset(
      name: "once", processes: 1...1, secondsPerProcess: 0, pointSeconds: 0, halfWidth: 1)
    var records: [ProcessRecord] = []
    _ = try plantedOrchestrator(preset).run(experiment, sources: []) {
      if case .measured(_, let measured) = $0 { records = measured }
    }
    let slots = try #require(records.first).blocks[0].slots
    return calls(slots.map { ($0.instance, $0.reports) })
  }
}
