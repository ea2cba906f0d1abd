import Statistics
import Testing

@testable import Harness

@Suite struct ScheduleTests {
  @Test(arguments: 1...6)
  func aBlockIsMirroredAndHoldsEveryInstanceTwice(instances: Int) {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<50 {
      let block = Schedule.block(instances: instances, using: &generator)
      #expect(block == block.reversed())
      #expect(block.sorted() == (0..<instances).flatMap { [$0, $0] })
    }
  }

  @Test func everyOrderOfThreeComesUp() {
    var generator = SeededGenerator(seed: 1)
    let orders = Set((0..<200).map { _ in Schedule.block(instances: 3, using: &generator) })
    #expect(orders.count == 6)
  }

  @Test func theSameSeedGivesTheSameOrder() {
    var first = SeededGenerator(seed: 9)
    var second = SeededGenerator(seed: 9)
    for _ in 0..<20 {
      #expect(
        Schedule.block(instances: 4, using: &first) == Schedule.block(instances: 4, using: &second))
    }
  }

  @Test func anyLinearDriftCancelsInABlock() {
    var generator = SeededGenerator(seed: 3)
    let block = Schedule.block(instances: 3, using: &generator)
    let means = (0..<3).map { instance in
      block.indices.filter { block[$0] == instance }.map(Double.init).reduce(0, +) / 2
    }
    #expect(means.allSatisfy { $0 == means[0] })
  }

  @Test func anOrderIsCutWhereTheWorkerChanges() {
    let runs = Schedule.runs(of: [0, 1, 2, 2, 1, 0], workerOf: [0, 0, 1])
    #expect(runs.map(\.worker) == [0, 1, 0])
    #expect(runs.map(\.order) == [[0, 1], [2, 2], [1, 0]])
  }
}
