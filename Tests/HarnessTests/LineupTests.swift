import Results
import Statistics
import Testing

@testable import Harness

@Suite struct LineupTests {
  @Test func variantsOfOneEnvironmentShareAProcess() {
    let lineup = Lineup([0, 1], of: plantedExperiment("half"))
    #expect(lineup.members.map(\.variant) == [0, 0, 1])
    #expect(lineup.processes == [[0, 1, 2]])
    #expect(lineup.pairs.map { [$0.baselines, $0.null, [$0.candidate]] } == [[[0], [0, 1], [2]]])
    let apart = Lineup([0, 1], of: plantedExperiment("environments"))
    #expect(apart.processes == [[0], [1], [2]])
  }

  @Test func buildsHaveAProcessForEachCopyOfAllVariants() {
    let lineup = Lineup(builds: [0, 1], of: plantedExperiment("half"))
    #expect(lineup.members.map(\.variant) == [0, 1, 0, 1, 0, 1])
    #expect(lineup.members.map(\.build) == [0, 0, 0, 0, 1, 1])
    #expect(lineup.processes == [[0, 1], [2, 3], [4, 5]])
    #expect(
      lineup.pairs.map { [$0.baselines, $0.null, [$0.candidate]] }
        == [[[0, 2], [0, 2], [4]], [[1, 3], [1, 3], [5]]])
    let apart = Lineup(builds: [0, 1], of: plantedExperiment("environments"))
    #expect(apart.processes == (0..<6).map { [$0] })
  }

  @Test func aTurnTimesEveryVariantInTheSameOrderInEveryProcess() {
    let lineup = Lineup(builds: [0, 1], of: plantedExperiment("half"))
    var generator = SeededGenerator(seed: 3)
    var orders: Set<[Int]> = []
    for _ in 0..<200 {
      let block = Schedule.block(lineup.processes, using: &generator)
      #expect(block == block.reversed())
      #expect(block.sorted() == (0..<6).flatMap { [$0, $0] })
      let half = Array(block.prefix(6))
      let turns = stride(from: 0, to: 6, by: 2).map { Array(half[$0..<$0 + 2]) }
      #expect(Set(turns.map { $0.map { $0 % 2 } }).count == 1)
      orders.insert(half)
    }
    // Six orders of the processes, two of the variants.
    #expect(orders.count == 12)
  }

  @Test func twoBuildsAreMatchedByNames() throws {
    let half = plantedExperiment("half")
    var entry = Outline(of: [half]).experiments[0]
    let same = BuildMatch.match(half, with: entry)
    #expect(same.missing.isEmpty)
    #expect(same.match?.variants == [0, 1])
    entry.variants = ["older", "after", "before"]
    entry.parameters = [Parameter(value: 2, label: "2"), Parameter(value: 3, label: "3")]
    let other = BuildMatch.match(half, with: entry)
    let match = try #require(other.match)
    #expect(match.before == [0: 2, 1: 1])
    #expect(match.experiment.sweep.values.map(\.value) == [2])
    #expect(
      other.missing.map(\.place)
        == ["planted/half, older", "planted/half, 1", "planted/half, 3"])
    #expect(other.missing.map(\.side) == [1, 0, 1])
    #expect(BuildMatch.match(half, with: nil).match == nil)
    let simulated = plantedExperiment("simulated")
    let outline = Outline(of: [simulated]).experiments[0]
    #expect(BuildMatch.match(simulated, with: outline).missing[0].reason.contains("simulated"))
  }

  @Test func aWorkerSaysWhatItsCatalogHolds() throws {
    let outline = try plantedLaunch().outline()
    #expect(outline.version == WorkerProtocol.version)
    #expect(outline.experiments.contains { $0.id == "planted/half" && $0.variants.count == 2 })
    #expect(throws: PointFailure.otherProtocol) { try plantedLaunch(["garbage"]).outline() }
    #expect(throws: PointFailure.self) { try plantedLaunch(["deaf"]).outline() }
  }
}
