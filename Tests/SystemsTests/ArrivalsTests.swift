import Systems
import Testing

struct ArrivalsTests {
  @Test func constantArrivalsHaveEqualDistances() {
    let arrivals = Arrivals.constant(rate: 1_000, seconds: 0.01)
    #expect(arrivals.times == (0..<10).map { $0 * 1_000_000 })
    #expect(arrivals.duration == 10_000_000)
  }

  @Test func poissonArrivalsHaveTheRateAndTheVarianceOfExponentialDistances() {
    let arrivals = Arrivals.poisson(rate: 10_000, seconds: 10, seed: 1)
    let count = Double(arrivals.times.count)
    // The count's standard deviation is 316.
    #expect(abs(count - 100_000) < 4 * 316)
    let distances = zip(arrivals.times.dropFirst(), arrivals.times).map { Double($0 - $1) }
    let mean = distances.reduce(0, +) / Double(distances.count)
    let variance =
      distances.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(distances.count)
    #expect(abs(variance.squareRoot() / mean - 1) < 0.02)
  }

  @Test func theSameSeedGivesTheSameTimesAndAnotherStreamOthers() {
    func made(_ seed: UInt64, _ stream: UInt64) -> Arrivals {
      .poisson(rate: 1_000, seconds: 1, seed: seed, stream: stream)
    }
    #expect(made(7, 0) == made(7, 0))
    #expect(made(7, 0) != made(8, 0))
    let (first, second) = (counts(made(7, 0)), counts(made(7, 1)))
    let (a, b) = (mean(first), mean(second))
    let together = mean(zip(first, second).map { ($0 - a) * ($1 - b) })
    // Of 100 independent pairs of counts with mean and variance 10.
    #expect(abs(together) < 4)
  }

  @Test func aDayIsBusiestAtItsMiddle() {
    let day = Arrivals.diurnal(from: 1_000, to: 9_000, period: 10, seconds: 10, seed: 3)
    #expect(abs(Double(day.times.count) - 50_000) < 4 * 224)
    let tenths = (0..<10).map { tenth in
      day.times.count { $0 / 1_000_000_000 == UInt64(tenth) }
    }
    #expect(tenths[0] < 1_500 && tenths[9] < 1_500)
    #expect(tenths[4] > 8_300 && tenths[5] > 8_300)
  }

  @Test func recordedArrivalsAreSorted() {
    let arrivals = Arrivals(recorded: [30, 10, 20])
    #expect(arrivals.times == [10, 20, 30])
    #expect(arrivals.duration == 30)
    #expect(Arrivals.poisson(rate: 0, seconds: 1, seed: 1).times == [])
  }

  @Test func durationsHaveTheirMeans() {
    func mean(_ durations: Durations) -> Double {
      let all = durations.draws(100_000, seed: 5)
      return Double(all.reduce(0, +)) / Double(all.count)
    }
    #expect(mean(.constant(500)) == 500)
    #expect(abs(mean(.exponential(mean: 1_000)) - 1_000) < 15)
    #expect(abs(mean(.uniform(1_000...3_000)) - 2_000) < 10)
    let mixed = Durations.mixed(usual: .constant(100), rare: 10_100, share: 0.01)
    #expect(abs(mean(mixed) - 200) < 13)
  }

  /// Arrivals in each hundredth of a second.
  private func counts(_ arrivals: Arrivals) -> [Double] {
    var counts = [Double](repeating: 0, count: 100)
    for time in arrivals.times { counts[Int(time / 10_000_000)] += 1 }
    return counts
  }

  private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
