import Platform
import Results
import Testing

@testable import Harness

/// The gauge on the cores of a team.
@Suite struct TeamGaugeTests {
  @Test func everyMemberReadsItsOwnCore() throws {
    let cpus = try Affinity.allowed()
    let teams = TeamSource(cpus: cpus, isPinned: false)
    for count in Set([1, cpus.count]) {
      let readings = try teams.gauge(count)
      #expect(readings.count == count && readings.allSatisfy { $0.additionsPerCycle > 0 })
    }
    #expect(throws: TeamError.self) { try teams.gauge(cpus.count + 1) }
  }

  @Test func aSourceRemembersTheLargestTeamThatWasAskedFor() throws {
    let teams = TeamSource(cpus: try Affinity.allowed(), isPinned: false)
    #expect(teams.largestAsked == 1)
    _ = try teams.team(teams.cpus.count)
    _ = try teams.team(1)
    #expect(teams.largestAsked == teams.cpus.count)
    teams.largestAsked = 1
    _ = try teams.team(1)
    #expect(teams.largestAsked == 1)
  }

  /// What the workers read; then as if the second member's core had once done far more than that.
  @Test(.enabled(if: (try? Affinity.allowed().count) ?? 1 > 1))
  func aNeighbourOnTheSecondCoreDropsTheBlocks() throws {
    var records: [ProcessRecord] = []
    let orchestrator = plantedOrchestrator(cpus: Array(try Affinity.allowed().prefix(2)))
    let result = try orchestrator.run(plantedExperiment("team"), sources: []) { event in
      if case .measured(_, let measured) = event { records = measured }
    }
    #expect(result.status == .measured && records.count == 2)
    for block in records.flatMap(\.blocks) {
      #expect(block.additionsPerCycle.count == 2 && block.additionsPerCycle.allSatisfy { $0 > 0 })
    }
    var share = CoreShare()
    share.learn(from: [[0.1, 1_000], [0.1, 1_000], [0.1, 1_000]])
    for index in records.indices { records[index].mark(share) }
    #expect(records.flatMap(\.blocks).allSatisfy { $0.disturbances.contains("shared") })
  }
}
