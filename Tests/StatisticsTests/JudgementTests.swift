import Statistics
import Testing

@Suite struct JudgementTests {
  static let quiet = ConfidenceInterval(estimate: 0, low: -0.001, high: 0.001, coverage: 0.95)

  private func judge(
    _ low: Double, _ high: Double, null: ConfidenceInterval = quiet, coverage: Double = 0.95
  ) -> Judgement {
    let interval = ConfidenceInterval(
      estimate: (low + high) / 2, low: low, high: high, coverage: coverage)
    return JudgementRule().judge(interval, null: null)
  }

  @Test func anIntervalBeyondTwoPercentIsFasterOrSlower() {
    #expect(judge(0.021, 0.05) == .faster)
    #expect(judge(-0.05, -0.021) == .slower)
  }

  @Test func ofDisturbedSamplesNothingIsKnownToBeTheSame() {
    let interval = ConfidenceInterval(estimate: 0, low: -0.001, high: 0.001, coverage: 0.95)
    let rule = JudgementRule()
    #expect(rule.judge(interval, null: Self.quiet) == .same)
    #expect(rule.judge(interval, null: Self.quiet, isDisturbed: true) == .unresolved)
    let clear = ConfidenceInterval(estimate: 1, low: 0.3, high: 1.7, coverage: 0.95)
    #expect(rule.judge(clear, null: Self.quiet, isDisturbed: true) == .faster)
  }

  @Test func anIntervalWithinTwoPercentIsTheSame() {
    #expect(judge(-0.015, 0.019) == .same)
    // Leaves 1.00 out, yet too small to be of interest.
    #expect(judge(0.005, 0.015) == .same)
  }

  @Test func anIntervalAcrossTheSmallestEffectIsUnresolved() {
    #expect(judge(0.015, 0.03) == .unresolved)
    #expect(judge(-0.5, 0.5) == .unresolved)
  }

  @Test func theEndsBelongToTheCautiousSide() {
    let effect = naturalLogarithm(1.02)
    #expect(judge(effect, 0.05) == .unresolved)
    #expect(judge(-effect, effect) == .same)
  }

  @Test func nothingIsClaimedBelowTheNoiseFloor() {
    let noisy = ConfidenceInterval(estimate: -0.01, low: -0.04, high: 0.01, coverage: 0.95)
    #expect(JudgementRule.noiseFloor(noisy) == 0.04)
    #expect(judge(0.03, 0.035, null: noisy) == .unresolved)
    #expect(judge(0.041, 0.05, null: noisy) == .faster)
    #expect(judge(-0.05, -0.041, null: noisy) == .slower)
  }

  @Test func tooFewProcessesClaimNothing() {
    #expect(judge(0.69, 0.69, coverage: 0) == .unresolved)
    #expect(judge(0, 0, coverage: 0.875) == .unresolved)
    #expect(judge(0.69, 0.69, coverage: 0.9375) == .faster)
  }

  @Test func exchangingBaselineAndCandidateExchangesTheJudgement() {
    for (low, high) in [(0.03, 0.05), (-0.01, 0.01), (0.01, 0.03)] {
      let mirrored: [Judgement: Judgement] = [
        .faster: .slower, .slower: .faster, .same: .same, .unresolved: .unresolved,
      ]
      #expect(judge(-high, -low) == mirrored[judge(low, high)])
    }
  }
}

@Suite struct PairedComparisonTests {
  @Test func processesWithoutBlocksDoNotCount() {
    let comparison = PairedComparison(blocks: [[0.1], [], [0.3, 0.1, 0.2]])
    #expect(comparison?.interval.low == 0.1)
    #expect(comparison?.interval.high == 0.2)
    #expect(comparison?.interval.coverage == 0.5)
  }

  @Test func aProcessCountsIfItHasBlocksAgainstEveryBaseline() {
    let comparison = PairedComparison(against: [
      [[0.1], [0.5], [0.2, 0.3]], [[0.2], [], [0.4]],
    ])
    #expect(comparison?.interval.low == 0.1)
    #expect(comparison?.interval.high == 0.4)
    // Neither both below nor both above, in each of two processes: 1 − 2 ÷ 9.
    #expect(abs((comparison?.interval.coverage ?? 0) - 7 / 9) < 1e-12)
  }

  @Test func withoutAnyBlockThereIsNoComparison() {
    #expect(PairedComparison(blocks: []) == nil)
    #expect(PairedComparison(blocks: [[], []]) == nil)
  }

  @Test func theRatioOfALogarithmIsTheSpeedup() {
    let blocks = (0..<7).map { _ in [naturalLogarithm(2)] }
    let ratio = PairedComparison(blocks: blocks)!.interval.ratio
    #expect(abs(ratio.estimate - 2) < 1e-15)
    #expect(ratio.low == ratio.high)
  }
}

@Suite struct StopRuleTests {
  private func interval(_ estimate: Double, _ halfWidth: Double) -> ConfidenceInterval {
    ConfidenceInterval(
      estimate: estimate, low: estimate - halfWidth, high: estimate + halfWidth, coverage: 0.95)
  }

  @Test func aSmallEffectIsPreciseAtOnePercent() {
    #expect(StopRule().isPrecise([interval(0.02, 0.009)], processes: 9))
    #expect(!StopRule().isPrecise([interval(0.02, 0.011)], processes: 9))
  }

  @Test func aTenfoldEffectNeedsOnlyATwentiethOfItsLogarithm() {
    #expect(StopRule().isPrecise([interval(naturalLogarithm(10), 0.11)], processes: 9))
    #expect(!StopRule().isPrecise([interval(-naturalLogarithm(10), 0.12)], processes: 9))
  }

  @Test func allCandidatesMustBePrecise() {
    let rule = StopRule()
    #expect(!rule.isPrecise([interval(0, 0.001), interval(0, 0.02)], processes: 9))
    #expect(!rule.isPrecise([], processes: 9))
  }

  @Test func fewProcessesAreNeverPrecise() {
    #expect(!StopRule().isPrecise([interval(0, 0)], processes: 5))
    #expect(StopRule().isPrecise([interval(0, 0)], processes: 6))
  }

  @Test func anIntervalOfOneProcessIsNotPreciseHoweverManyRan() {
    let lone = ConfidenceInterval(estimate: 3, low: 3, high: 3, coverage: 0)
    #expect(!StopRule().isPrecise([lone], processes: 9))
  }

  @Test func precisionNeedsNoMoreProcesses() {
    #expect(StopRule().moreProcesses([interval(0, 0.001)], processes: 9) == 0)
  }

  @Test func twiceTooWideNeedsAboutFourTimesTheProcesses() {
    // 2.0639 ÷ √25 against 2.0106 ÷ √48: Student's factor saves a little.
    let more = StopRule().moreProcesses([interval(0, 0.02)], processes: 25)
    #expect((65...75).contains(more!))
  }

  @Test func theWidestCandidateSaysHowMany() {
    let rule = StopRule()
    let both = rule.moreProcesses([interval(0, 0.011), interval(0, 0.03)], processes: 9)
    #expect(both == rule.moreProcesses([interval(0, 0.03)], processes: 9))
  }

  @Test func hopelessIsSaid() {
    #expect(StopRule().moreProcesses([interval(0, 10)], processes: 9, limit: 100) == nil)
  }

  @Test func withoutAnEstimateTheFewestAreAskedFor() {
    #expect(StopRule().moreProcesses([], processes: 0) == 6)
    #expect(StopRule().moreProcesses([interval(0, 0)], processes: 1) == 5)
  }
}
