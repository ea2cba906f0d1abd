import Statistics
import Testing

@Suite struct ShareTests {
  /// Newcombe, *Two-sided confidence intervals for the single proportion*, 1998, table I, method 3.
  @Test(
    arguments: [
      (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
      (1, 29, 0.0061, 0.1718),
    ])
  func sharesHaveThePublishedIntervals(hits: Int, trials: Int, low: Double, high: Double) {
    let interval = shareInterval(hits: hits, of: trials)
    #expect(abs(interval.low - low) < 5e-5 && abs(interval.high - high) < 5e-5)
  }

  @Test func allHitsMirrorNone() {
    let none = shareInterval(hits: 0, of: 20)
    let all = shareInterval(hits: 20, of: 20)
    #expect(all.high == 1 && none.low == 0)
    #expect(abs(all.low - (1 - none.high)) < 1e-15)
  }
}

@Suite struct DifferenceTests {
  private func interval(_ low: Double, _ estimate: Double, _ high: Double) -> ConfidenceInterval {
    ConfidenceInterval(estimate: estimate, low: low, high: high, coverage: 0.95)
  }

  @Test func theWidthOfADifferenceIsTheRootOfTheSumOfSquares() {
    let difference = interval(7, 10, 13) - interval(0, 4, 8)
    #expect(difference == interval(1, 6, 11))
  }

  @Test func unlikeEndsStayUnlike() {
    // Downwards: 3 below and 4 above; upwards: 12 above and 5 below.
    let difference = interval(7, 10, 22) - interval(-1, 4, 8)
    #expect(difference == interval(1, 6, 19))
  }

  @Test func aHigherLevelWidensByStudentsFactor() {
    let wide = interval(-1, 0, 2).widened(to: 0.99, processes: 9)
    let factor = 3.355_387_331_333 / 2.306_004_135_204
    #expect(abs(wide.low + factor) < 1e-9 && abs(wide.high - 2 * factor) < 1e-9)
    #expect(wide.coverage == 0.99)
  }

  @Test func manyComparisonsShareTheRisk() {
    #expect(abs(simultaneousLevel(0.95, comparisons: 10) - 0.995) < 1e-15)
    #expect(simultaneousLevel(0.95, comparisons: 1) == 0.95)
  }

  @Test func holmStopsAtTheFirstThatStands() {
    // Against 0.0125, 0.0167, 0.025, 0.05 in ascending order: the second stands, so all after do.
    #expect(holmRejections([0.04, 0.01, 0.02, 0.03]) == [false, true, false, false])
    #expect(holmRejections([0.01, 0.013, 0.02, 0.04]) == [true, true, true, true])
    #expect(holmRejections([]) == [])
  }

  @Test func anIntervalThatEndsAtZeroHasThePValueOfItsLevel() {
    #expect(abs(pValue(of: interval(0, 1, 9), processes: 7) - 0.05) < 1e-12)
    #expect(abs(pValue(of: interval(-9, -1, 0), processes: 7) - 0.05) < 1e-12)
    #expect(pValue(of: interval(-1, 0, 1), processes: 7) == 1)
    #expect(pValue(of: interval(1, 1, 1), processes: 7) == 0)
  }
}

@Suite struct VariantEstimateTests {
  @Test func aVariantsValueLiesBetweenItsFastestAndSlowestProcess() {
    let samples = [[10.0, 11, 12], [20, 10, 20], [15, 15], [], [14], [16], [15.5]]
    let estimate = variantEstimate(samples)!
    #expect(abs(estimate.low - 11) < 1e-12 && abs(estimate.high - 20) < 1e-12)
    #expect(estimate.low < estimate.estimate && estimate.estimate < estimate.high)
  }

  @Test func withoutSamplesThereIsNoValue() { #expect(variantEstimate([[], []]) == nil) }
}
