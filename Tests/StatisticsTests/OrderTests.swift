import Statistics
import Testing

@Suite struct OrderTests {
  @Test func medianOfAnOddNumberIsTheMiddleValue() { #expect([9.0, 1, 4].median() == 4) }

  @Test func medianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
    #expect([8.0, 1, 4, 2].median() == 3)
  }

  @Test func medianOfHugeValuesDoesNotOverflow() {
    let huge = Double.greatestFiniteMagnitude
    #expect([huge, huge].median() == huge)
  }

  @Test func nothingRearrangesTheValuesOfTheCaller() {
    let values = [3.0, 1, 2, 5, 4]
    _ = (values.median(), values.quantile(0.3), values.medianAbsoluteDeviation())
    _ = (values.trimmedMean(0.2), values.percentile95AbsoluteDeviation())
    #expect(values == [3, 1, 2, 5, 4])
  }

  @Test(arguments: [(0.0, 1.0), (0.25, 1.75), (0.5, 2.5), (0.9, 3.7), (1.0, 4.0)])
  func quantileIsOfType7(probability: Double, expected: Double) {
    #expect(abs([4.0, 2, 1, 3].quantile(probability) - expected) < 1e-12)
  }

  @Test func quantileOfOneValueIsThatValue() {
    #expect([7.0].quantile(0) == 7)
    #expect([7.0].quantile(0.95) == 7)
    #expect([7.0].quantile(1) == 7)
  }

  @Test func deviationIsTheMedianDistanceFromTheMedian() {
    #expect([1.0, 1, 2, 2, 4, 6, 9].medianAbsoluteDeviation() == 1)
  }

  @Test func deviationIgnoresAnOutlier() {
    #expect([1.0, 2, 3, 4, 1e9].medianAbsoluteDeviation() == 1)
  }

  @Test func percentile95OfTheDistancesCountsBothSides() {
    let values = (1...21).map { Double($0) * ($0 % 2 == 0 ? 1 : -1) }
    #expect(values.percentile95AbsoluteDeviation() == 20)
    #expect(values.map { $0 + 5 }.percentile95AbsoluteDeviation(from: 5) == 20)
  }
}

@Suite struct MeanTests {
  @Test func geometricMeanOfADoublingAndAHalvingIsOne() {
    #expect([2.0, 0.5].geometricMean() == 1)
  }

  @Test func geometricMeanOfOneTwoFourIsTwo() {
    #expect(abs([1.0, 2, 4].geometricMean() - 2) < 1e-15)
  }

  @Test func trimmedMeanLeavesOutBothEnds() {
    #expect([100.0, 1, 2, 3, -100].trimmedMean(0.2) == 2)
    #expect([100.0, 1, 2, 3, -100].trimmedMean(0.1) == 1.2)
  }

  @Test func standardDeviationDividesByOneLess() {
    #expect([2.0, 4, 4, 4, 5, 5, 7, 9].standardDeviation() == (32.0 / 7).squareRoot())
    #expect([2.0].standardDeviation() == 0)
  }
}

@Suite struct LogarithmTests {
  @Test func logarithmsAreThoseOfTheTables() {
    #expect(naturalLogarithm(1) == 0)
    #expect(naturalLogarithm(2) == 0.693_147_180_559_945_309_4)
    #expect(abs(naturalLogarithm(10) - 2.302_585_092_994_045_7) < 5e-16)
    #expect(abs(naturalLogarithm(1.02) - 0.019_802_627_296_179_73) < 4e-18)
    #expect(abs(naturalLogarithm(1e-300) + 690.775_527_898_213_7) < 2e-13)
  }

  @Test func logarithmsEndWhereTheyShould() {
    #expect(naturalLogarithm(0) == -.infinity)
    #expect(naturalLogarithm(-1).isNaN)
    #expect(naturalLogarithm(.infinity) == .infinity)
    #expect(naturalLogarithm(.nan).isNaN)
    #expect(abs(naturalLogarithm(.leastNonzeroMagnitude) + 744.440_071_921_381_2) < 2e-13)
  }

  @Test func exponentialsAreThoseOfTheTables() {
    #expect(exponential(0) == 1)
    #expect(abs(exponential(1) - 2.718_281_828_459_045) < 5e-16)
    #expect(abs(exponential(-1) - 0.367_879_441_171_442_3) < 1e-16)
    #expect(exponential(800) == .infinity)
    #expect(exponential(-800) == 0)
    #expect(exponential(-745.1) == .leastNonzeroMagnitude)
    #expect(exponential(.nan).isNaN)
  }

  @Test func exponentialUndoesTheLogarithm() {
    var generator = SeededGenerator(seed: 1)
    for _ in 0..<1_000 {
      let value = Double.random(in: 1e-3...1e3, using: &generator)
      #expect(abs(exponential(naturalLogarithm(value)) / value - 1) < 4e-15)
    }
  }
}
