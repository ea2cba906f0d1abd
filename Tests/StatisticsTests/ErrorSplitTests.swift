import Statistics
import Testing

@Suite struct ErrorSplitTests {
  /// Errors of one minute after the other, until the end or an alarm.
  private func alarms(
    _ seed: UInt64, factor: Double, share: Double, errors: Int
  ) -> (isRaised: Bool, after: Int) {
    var random = SeededGenerator(seed: seed)
    var test = ErrorSplitTest()
    let weight = factor * share / (factor * share + 1 - share)
    for error in 1...errors {
      let isCanary = Double.random(in: 0..<1, using: &random) < weight
      test.add(canary: isCanary ? 1 : 0, baseline: isCanary ? 0 : 1, share: share)
      if test.hasRefuted(at: 0.05) { return (true, error) }
    }
    return (false, errors)
  }

  @Test(arguments: [0.05, 0.5]) func alarmsFalselyAsSeldomAsItPromises(share: Double) {
    let alarms = (0..<1_000).count {
      self.alarms(UInt64($0), factor: 1, share: share, errors: 500).isRaised
    }
    // The bound is 50; by chance 68 in one of a hundred tests.
    #expect(alarms <= 68)
  }

  @Test func findsADoublingWithAboutAHundredErrors() {
    let found = (0..<200).map { alarms(UInt64($0), factor: 2, share: 0.5, errors: 2_000) }
    let missed = found.count { !$0.isRaised }
    #expect(missed == 0)
    let mean = Double(found.reduce(0) { $0 + $1.after }) / 200
    #expect((50...150).contains(mean), "\(mean)")
  }

  @Test func oneErrorIsTheRatioOfItsProbabilities() {
    var test = ErrorSplitTest(for: [3])
    test.add(canary: 1, baseline: 0, share: 0.25)
    // 3/6 in place of 1/4.
    #expect(abs(test.evidence - 2) < 1e-12)
    test.add(canary: 0, baseline: 1, share: 0.25)
    #expect(abs(test.evidence - 2 * (0.5 / 0.75)) < 1e-12)
  }

  @Test func healthIsSeenAndASickCanaryIsNotCalledHealthy() {
    var health = ErrorSplitTest.health(within: 2)
    health.add(canary: 100, baseline: 100, share: 0.5)
    #expect(health.hasRefuted(at: 0.05))
    var sick = ErrorSplitTest.health(within: 2)
    sick.add(canary: 200, baseline: 100, share: 0.5)
    #expect(!sick.hasRefuted(at: 0.05))
  }

  @Test func anAlarmStaysRaised() {
    var test = ErrorSplitTest()
    test.add(canary: 30, baseline: 0, share: 0.5)
    test.add(canary: 0, baseline: 200, share: 0.5)
    #expect(test.hasRefuted(at: 0.05) && test.evidence < 1)
  }
}
