import Statistics
import Testing

/// What the method promises, held against simulated noise of known kind. Seeds are fixed.
@Suite struct SimulationTests {
  /// The default method on points of 19 processes.
  private static let outcomes = NoiseModel.all.map { model in
    Outcome.simulate(
      model, methods: [PairedComparison.method], processes: 19, ratios: 9, points: 200, seed: 5)[0]
  }

  @Test(arguments: NoiseModel.all.indices)
  func intervalsHoldTheTruthWhateverTheNoise(model: Int) {
    // 98.1% by order statistics; ten misses of 200 would happen about once in 200 times.
    #expect(Self.outcomes[model].coverage > 0.95)
  }

  @Test(arguments: NoiseModel.all.indices)
  func identicalKernelsGetNoVerdict(model: Int) {
    #expect(Self.outcomes[model].judged(.faster) == 0)
    #expect(Self.outcomes[model].judged(.slower) == 0)
  }

  @Test(arguments: NoiseModel.all.indices.dropLast())
  func onePercentIsFoundUnlessTheMachineIsDisturbed(model: Int) {
    #expect(Self.outcomes[model].found(1.01) >= 0.9)
    #expect(Self.outcomes[model].found(1 / 1.01) >= 0.9)
  }

  @Test(arguments: NoiseModel.all.indices.dropLast())
  func fivePercentGetsAVerdictUnlessTheMachineIsDisturbed(model: Int) {
    #expect(Self.outcomes[model].judged(.faster, planted: 1.05) >= 0.98)
    #expect(Self.outcomes[model].judged(.slower, planted: 1 / 1.05) >= 0.98)
  }

  @Test func aDisturbedMachineIsUnresolvedRatherThanWrong() {
    let outcome = Self.outcomes.last!
    #expect(outcome.judged(.unresolved) > 0.3)
    #expect(outcome.judged(.slower, planted: 1.05) == 0)
  }

  @Test func everyMethodCoversNormalNoise() {
    let outcomes = Outcome.simulate(
      NoiseModel.all[2], methods: methods.dropLast(), processes: 9, ratios: 9, points: 200,
      seed: 11)
    for outcome in outcomes { #expect(outcome.coverage >= 0.92) }
  }

  @Test func oneBadLandingBlindsStudentButNotOrderStatistics() {
    // Two variants, each landing badly in a twentieth of nineteen processes.
    let outliers = NoiseModel.all[4]
    let outcomes = Outcome.simulate(
      outliers, methods: [OrderStatisticInterval(), StudentInterval()], processes: 19, ratios: 9,
      points: 200, seed: 5)
    #expect(outcomes[0].found(1.01) >= 0.99)
    #expect(outcomes[1].found(1.01) <= 0.5)
  }

  @Test func pairsOfLikeSamplesHaveNoBiasAndAMeanAgainstASampleHas() {
    // A third of the samples has a spike: the mean of two samples has another shape than one.
    let skewed = NoiseModel("skewed", layout: 0, sample: 0.002, spikes: (0.3, 0.05))
    var generator = SeededGenerator(seed: 3)
    let drawn = skewed.draw(processes: 1, ratios: 4_001, &generator)
    let pairs = drawn.candidate[0]
    let meanAgainstSample = zip(pairs, drawn.null[0]).map { $0 - $1 / 2 }
    #expect(abs(pairs.median()) < 0.0004)
    #expect(abs(meanAgainstSample.median()) > 0.001)
  }

  /// Two builds of one kernel, whose noise is alike.
  @Test(arguments: NoiseModel.all, [6, 9, 19])
  func aSecondBaselineNarrowsTheIntervalAndKeepsItsCoverage(model: NoiseModel, processes: Int) {
    var generator = SeededGenerator(seed: 13)
    var (one, two) = (Outcome(), Outcome())
    for _ in 0..<300 {
      let drawn = model.draw(processes: processes, ratios: 3, &generator)
      let again = zip(drawn.candidate, drawn.null).map { zip($0, $1).map { $0 - $1 } }
      let null = PairedComparison(blocks: drawn.null)!.interval
      one.add(PairedComparison(blocks: drawn.candidate)!.interval, null: null)
      two.add(PairedComparison(against: [drawn.candidate, again])!.interval, null: null)
    }
    // At exactly 95% some fifteen of 300 miss; thirty would about once in five thousand times.
    #expect(two.coverage > 0.9)
    #expect(two.halfWidth < 0.95 * one.halfWidth)
    #expect(two.judged(.faster) == 0 && two.judged(.slower) == 0)
  }

  @Test func stoppingWhenPreciseKeepsTheCoverage() {
    // Look after each process, stop at 1% or at 25 processes.
    var generator = SeededGenerator(seed: 9)
    var covered = 0
    let points = 60
    for _ in 0..<points {
      let drawn = NoiseModel.all[2].draw(processes: 25, ratios: 5, &generator).candidate
      let stop =
        (6...25).first {
          let interval = PairedComparison(blocks: Array(drawn.prefix($0)))!.interval
          return StopRule().isPrecise([interval], processes: $0)
        } ?? 25
      let interval = PairedComparison(blocks: Array(drawn.prefix(stop)))!.interval
      covered += interval.contains(0) ? 1 : 0
    }
    #expect(Double(covered) / Double(points) >= 0.9)
  }
}
