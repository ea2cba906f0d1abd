import Statistics
import Testing

/// Every method, as the properties want them.
let methods: [any IntervalMethod] = [
  OrderStatisticInterval(), SignedRankInterval(), StudentInterval(), StudentInterval(trim: 0.2),
  BootstrapInterval(seed: 7, resamples: 200),
]

@Suite struct IntervalMethodTests {
  static let values = [0.3, -0.1, 0.7, 0.2, 0.1, 0.9, -0.4, 0.5, 0.25]
  static let blocks = values.map { [$0 - 0.1, $0, $0 + 0.2] }

  @Test(
    arguments: [
      (1, 1, 0), (2, 1, 0.5), (5, 1, 0.9375), (6, 1, 0.96875), (7, 1, 0.984375),
      (8, 1, 0.9921875), (9, 2, 0.9609375), (10, 2, 0.978515625), (15, 4, 0.96484375),
    ])
  func orderStatisticsKnowTheirExactCoverage(count: Int, rank: Int, coverage: Double) {
    let pair = OrderStatisticInterval.pair(count: count, level: 0.95)
    #expect(pair.rank == rank)
    #expect(abs(pair.coverage - coverage) < 1e-12)
  }

  /// By enumeration: of six processes at most one ratio lies below in 7 of 3⁶ = 729 ways, and at
  /// most one above in 7 others.
  @Test(arguments: [(2, 1, 9, 2), (3, 1, 27, 2), (4, 1, 81, 2), (5, 2, 243, 12), (6, 2, 729, 14)])
  func orderStatisticsAgainstTwoBaselinesKnowTheirExactCoverage(
    count: Int, rank: Int, ways: Int, missing: Int
  ) {
    let pair = OrderStatisticInterval.pair(count: count, baselines: 2, level: 0.95)
    #expect(pair.rank == rank)
    #expect(abs(pair.coverage - 1 + Double(missing) / Double(ways)) < 1e-12)
  }

  @Test(
    arguments: [
      (1, 1, 0), (5, 1, 0.9375), (6, 1, 0.96875), (7, 3, 0.953125), (8, 4, 0.9609375),
      (9, 6, 0.9609375), (10, 9, 0.951171875),
    ])
  func signedRanksKnowTheirExactCoverage(count: Int, rank: Int, coverage: Double) {
    let pair = SignedRankInterval.pair(count: count, level: 0.95)
    #expect(pair.rank == rank)
    #expect(abs(pair.coverage - coverage) < 1e-12)
  }

  @Test func orderStatisticsOfNineAreTheSecondLowestAndTheSecondHighest() {
    let interval = OrderStatisticInterval().interval(Self.blocks, level: 0.95)
    #expect(interval.low == -0.1)
    #expect(interval.estimate == 0.25)
    #expect(interval.high == 0.7)
  }

  @Test func signedRanksOfSixAreLowestAndHighestAroundTheMedianOfThePairMeans() {
    let interval = SignedRankInterval().interval([1, 2, 4, 8, 16, 32].map { [$0] }, level: 0.95)
    #expect(interval.low == 1)
    #expect(interval.high == 32)
    // The 11th of the 21 pair means.
    #expect(interval.estimate == 8.5)
  }

  @Test func studentIsMeanAndCriticalValueTimesStandardError() {
    let interval = StudentInterval().interval([1, 2, 3, 4, 5].map { [$0] }, level: 0.95)
    #expect(interval.estimate == 3)
    #expect(abs(interval.halfWidth - 2.776_445_105_198 * (0.5).squareRoot()) < 1e-11)
  }

  @Test func yuenIsOfTheTrimmedMeanAndTheWinsorizedSpread() {
    let interval = StudentInterval(trim: 0.2).interval([1, 2, 3, 4, 500].map { [$0] }, level: 0.95)
    #expect(interval.estimate == 3)
    // Winsorized 2 2 3 4 4 has the sum of squares 4; three are kept.
    #expect(abs(interval.halfWidth - 4.302_652_729_749 * (4.0 / 6).squareRoot()) < 1e-11)
  }

  @Test(arguments: methods)
  func estimateLiesInItsInterval(method: any IntervalMethod) {
    for count in 1...9 {
      let interval = method.interval(Array(Self.blocks.prefix(count)), level: 0.95)
      #expect(interval.low <= interval.estimate && interval.estimate <= interval.high)
    }
  }

  @Test(arguments: methods)
  func aShiftShiftsTheInterval(method: any IntervalMethod) {
    let before = method.interval(Self.blocks, level: 0.95)
    let after = method.interval(Self.blocks.map { $0.map { $0 + 3 } }, level: 0.95)
    #expect(isClose(after, before.low + 3, before.estimate + 3, before.high + 3))
  }

  @Test(arguments: methods)
  func aScaleScalesTheInterval(method: any IntervalMethod) {
    let before = method.interval(Self.blocks, level: 0.95)
    let after = method.interval(Self.blocks.map { $0.map { $0 * 5 } }, level: 0.95)
    #expect(isClose(after, before.low * 5, before.estimate * 5, before.high * 5))
  }

  @Test(arguments: methods.dropLast())
  func theOrderOfProcessesAndBlocksDoesNotMatter(method: any IntervalMethod) {
    let before = method.interval(Self.blocks, level: 0.95)
    let after = method.interval(Self.blocks.reversed().map { $0.reversed() }, level: 0.95)
    #expect(isClose(after, before.low, before.estimate, before.high))
  }

  @Test(arguments: methods.dropLast())
  func exchangingBaselineAndCandidateMirrorsTheInterval(method: any IntervalMethod) {
    let before = method.interval(Self.blocks, level: 0.95)
    let after = method.interval(Self.blocks.map { $0.map { -$0 } }, level: 0.95)
    #expect(isClose(after, -before.high, -before.estimate, -before.low))
  }

  @Test(arguments: methods)
  func aHigherLevelIsNeverNarrower(method: any IntervalMethod) {
    let lower = method.interval(Self.blocks, level: 0.8)
    let higher = method.interval(Self.blocks, level: 0.99)
    #expect(higher.low <= lower.low && lower.high <= higher.high)
  }

  @Test func theBootstrapFollowsFromItsSeed() {
    let same = BootstrapInterval(seed: 7).interval(Self.blocks, level: 0.95)
    #expect(same == BootstrapInterval(seed: 7).interval(Self.blocks, level: 0.95))
    #expect(same != BootstrapInterval(seed: 8).interval(Self.blocks, level: 0.95))
  }

  private func isClose(
    _ interval: ConfidenceInterval, _ low: Double, _ estimate: Double, _ high: Double
  ) -> Bool {
    abs(interval.low - low) < 1e-12 && abs(interval.estimate - estimate) < 1e-12
      && abs(interval.high - high) < 1e-12
  }
}
