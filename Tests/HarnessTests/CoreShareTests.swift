import Results
import Statistics
import Testing

@testable import Harness

/// Blocks on a core that somebody else uses too.
@Suite struct CoreShareTests {
  private func machine(additions: Double?) -> Machine {
    var machine = anyMachine
    guard let additions else { return machine }
    for (name, time) in ["add.integer.latency": 0.25, "add.integer.throughput": 0.25 / additions] {
      machine.numbers[name] = MachineNumber(
        Quantity(Interval(estimate: time, low: time, high: time), unit: .nanoseconds),
        method: "planted")
    }
    return machine
  }

  private func record(_ readings: [Double]) -> ProcessRecord { record(readings.map { [$0] }) }

  /// - Parameter readings: of each block, by member of a team.
  private func record(_ readings: [[Double]]) -> ProcessRecord {
    var record = ProcessRecord()
    record.blocks = readings.map {
      ProcessRecord.Block(slots: [], disturbances: [], additionsPerCycle: $0)
    }
    return record
  }

  private func kept(_ record: ProcessRecord, _ share: CoreShare) -> [Bool] {
    var record = record
    record.mark(share)
    return record.blocks.map(\.isKept)
  }

  @Test func halfOfTheCoreIsNoticedAndAFewPercentAreNot() {
    let share = CoreShare(machine(additions: 5))
    #expect(kept(record([5.2, 4.7, 4.1, 3.9, 2.5]), share) == [true, true, true, false, false])
  }

  @Test func aMarkedBlockSaysWhyAndSaysItOnce() {
    let share = CoreShare(machine(additions: 5))
    var record = record([2.5])
    record.mark(share)
    record.mark(share)
    #expect(record.blocks[0].disturbances == ["shared"])
  }

  @Test func withoutTheNumberTheBestProcessSaysWhatTheCoreCanDo() {
    var share = CoreShare(machine(additions: nil))
    let shared = record([2.5, 2.6, 2.5])
    share.learn(from: shared)
    #expect(kept(shared, share) == [true, true, true])
    share.learn(from: record([5.1, 5, 2.5]))
    #expect(kept(shared, share) == [false, false, false])
  }

  /// Nothing is known beforehand of the other members' cores, which may be of another kind.
  @Test func aNeighbourOfAnyMemberIsNoticed() {
    var share = CoreShare(machine(additions: 5))
    let smaller = record([[5, 3], [5, 3.1], [5, 2.9]])
    #expect(kept(smaller, share) == [true, true, true])
    share.learn(from: smaller)
    #expect(kept(record([[5, 3], [5, 2], [3, 3], [5]]), share) == [true, false, false, true])
  }

  @Test func theShareIsThatOfTheMemberWithTheLowest() {
    var share = CoreShare()
    share.learn(median: [4, 2])
    #expect(share.share([4, 1]) == 0.5 && share.share([3]) == 0.75)
    #expect(share.share([4, 2, 1]) == 1 && CoreShare().share([1]) == 1)
  }

  @Test func aBlockHasTheLowestReadingOfEachMember() {
    #expect(CoreShare.lowest([[5], [4, 3], [4.5, 2]]) == [4, 2])
    #expect(CoreShare.lowest([[4, 3, 2], [5]]) == [4, 3, 2])
    #expect(CoreShare.lowest([]) == [])
  }

  @Test func aSingleReadingThatIsTooHighTeachesNothing() {
    var share = CoreShare(machine(additions: 5))
    share.learn(from: record([5, 9, 5]))
    #expect(share.best.count == 1 && abs(share.best[0] - 5) < 1e-9)
  }

  /// The median of a whole run's processes is what the page shows, so that the rule must not leave
  /// a process that began on a shared core with the blocks of both states.
  @Test func aProcessThatWasSharedForAWhileKeepsTheRest() {
    let share = CoreShare(machine(additions: 5))
    #expect(kept(record([2.5, 2.5, 5, 5]), share) == [false, false, true, true])
  }

  /// A machine whose core is said to do far more than any does: its neighbour never rests.
  @Test func aPointOnASharedCoreClaimsOnlyWhatSharingCannotDo() throws {
    let result = try plantedOrchestrator(machine: machine(additions: 1_000)).run(
      plantedExperiment("alone"), sources: []
    ) { _ in }
    for point in result.points {
      #expect(point.status == .measured && point.blocks == 0)
      #expect((point.discarded["shared"] ?? 0) > 0)
      #expect(point.candidates.map(\.verdict) == [.unresolved] && point.isDisturbed == true)
      #expect(
        point.warnings.contains { $0.contains("only an effect beyond what the disturbances") })
    }
  }

  @Test func whoToleratesANeighbourKeepsTheBlocks() throws {
    let result = try plantedOrchestrator(machine: machine(additions: 1_000)).run(
      plantedExperiment("same"), sources: []
    ) { _ in }
    #expect(result.points.allSatisfy { $0.blocks > 0 && $0.discarded["shared"] == nil })
  }
}
