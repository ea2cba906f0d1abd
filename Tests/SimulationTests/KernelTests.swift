import Statistics
import Testing

@testable import Simulation

@Suite struct KernelTests {
  @Test func eventsComeInTheOrderOfTimeAndThenOfScheduling() {
    var calendar = Calendar(capacity: 1)
    var generator = SeededGenerator(seed: 1)
    var expected: [(time: Double, target: Int32)] = []
    var found: [(time: Double, target: Int32)] = []
    for target in 0..<2_000 {
      // Few different times, so that many are equal.
      let time = Double(generator.index(below: 50))
      calendar.schedule(.wake, at: time, Int32(target), 0)
      expected.append((time, Int32(target)))
    }
    while let event = calendar.next() {
      found.append((event.time, event.target))
      // Some schedule another, which takes the place of the one that was taken.
      if event.target < 500 {
        calendar.schedule(.wake, at: event.time + 7, event.target + 10_000, 0)
        expected.append((event.time + 7, event.target + 10_000))
      }
    }
    #expect(found.count == 2_500)
    #expect(zip(found, found.dropFirst()).allSatisfy { $0.time <= $1.time })
    let first = found.filter { $0.target < 10_000 }
    #expect(zip(first, first.dropFirst()).allSatisfy { $0.time < $1.time || $0.target < $1.target })
    #expect(Set(found.map(\.target)) == Set(expected.map(\.target)))
  }

  @Test(arguments: [
    RandomDuration.exactly(.milliseconds(3)), .exponential(mean: .milliseconds(3)),
    .uniform(.seconds(1), .seconds(2)), .lognormal(mean: .seconds(2), squaredVariation: 0.5),
    .pareto(scale: .seconds(1), shape: 6), .weibull(scale: .seconds(2), shape: 0.8),
    .gamma(mean: .seconds(2), squaredVariation: 3), .erlang(phases: 4, mean: .seconds(2)),
    .hyperexponential(mean: .seconds(1), squaredVariation: 4),
    .quantiles([(0, .seconds(1)), (0.5, .seconds(2)), (1, .seconds(10))]),
    .samples([.seconds(1), .seconds(2), .seconds(6)]),
    .mixture([(3, .exactly(.seconds(1))), (1, .exponential(mean: .seconds(9)))]),
  ])
  func drawsHaveTheMomentsOfTheirDistribution(duration: RandomDuration) {
    let tables = Tables()
    let ziggurat = Ziggurat()
    var draw = Draw(
      generator: SeededGenerator(seed: 1, name: "draws"), sampler: duration.sampler(tables))
    let layers = UnsafePointer(ziggurat.layers)
    let values = (0..<100_000).map { _ in draw.next(layers) }
    let deviation = (duration.secondMoment - duration.mean * duration.mean).squareRoot()
    #expect(abs(values.mean() - duration.mean) <= 4.5 * deviation / 316 + 1e-12)
    let second = values.map { $0 * $0 }
    let error = second.standardDeviation() / 316
    #expect(abs(second.mean() - duration.secondMoment) <= 5 * error + 1e-12)
  }

  @Test func theZigguratIsExponential() {
    let ziggurat = Ziggurat()
    var generator = SeededGenerator(seed: 7)
    let count = 200_000
    let values = (0..<count).map { _ in generator.exponential(ziggurat.layers) }.sorted()
    // Kolmogorov and Smirnov: the largest distance exceeds 1.95 ÷ √n in one of 1,000 cases.
    let distance = values.enumerated().reduce(0.0) { most, entry in
      max(most, abs(Double(entry.offset) / Double(count) - (1 - exponential(-entry.element))))
    }
    #expect(distance < 1.95 / Double(count).squareRoot())
    #expect(values.last! > Ziggurat.tail)
  }

  @Test func keysComeByTheirWeights() {
    let sampler = KeySampler([5, 1, 3, 1])
    var generator = SeededGenerator(seed: 3)
    var counts = [0, 0, 0, 0]
    for _ in 0..<100_000 { counts[Int(sampler.draw(&generator))] += 1 }
    for (count, expected) in zip(counts, [50_000, 10_000, 30_000, 10_000]) {
      #expect(abs(count - expected) < 700)
    }
  }

  @Test func streamsOfOneNameAreEqualAndOthersAreNot() {
    var (first, again) = (RandomStream(seed: 1, "gaps"), RandomStream(seed: 1, "gaps"))
    var other = RandomStream(seed: 1, "keys")
    let drawn = (0..<50).map { _ in first.uniform() }
    #expect(drawn == (0..<50).map { _ in again.uniform() })
    #expect(drawn != (0..<50).map { _ in other.uniform() })
    let hits = (0..<20_000).count { _ in other.happens(with: 0.3) }
    #expect(abs(hits - 6_000) < 260)
    let gaps = (0..<20_000).map { _ in first.exponential(mean: 2) }
    #expect(abs(gaps.mean() - 2) < 0.06)
    for mean in [0.3, 20, 900] {
      let counts = (0..<20_000).map { _ in Double(first.poisson(mean: mean)) }
      #expect(abs(counts.mean() - mean) < 0.035 * mean.squareRoot())
      #expect(abs(counts.standardDeviation() / mean.squareRoot() - 1) < 0.03)
    }
  }

  @Test func ownSimulationsDrawFromTheSameDistributions() {
    let times = DurationStream(.erlang(phases: 4, mean: .seconds(2)), seed: 1, "service")
    #expect(abs((0..<20_000).map { _ in times.next() }.mean() - 2) < 0.03)
    let keys = KeyStream(.zipf(3, exponent: 1, from: 5), seed: 1, "keys")
    var counts = [Int](repeating: 0, count: 8)
    for _ in 0..<22_000 { counts[keys.next()] += 1 }
    #expect(counts[..<5].allSatisfy { $0 == 0 })
    for (count, expected) in zip(counts[5...], [12_000, 6_000, 4_000]) {
      #expect(abs(count - expected) < 300)
    }
  }

  @Test func agendasGiveWhatIsDueInOrder() {
    var agenda = Agenda()
    for (place, time) in [5.0, 1, 3, 1].enumerated() { agenda.add(at: time, kind: place, of: 7) }
    var order: [Int] = []
    while let due = agenda.next() {
      order.append(due.kind)
      #expect(due.subject == 7)
    }
    #expect(order == [1, 3, 2, 0])
  }

  @Test func histogramsKeepQuantilesToTheirResolution() {
    var histogram = Histogram()
    for value in 1...10_000 { histogram.record(Double(value) * 1e-3) }
    let times = ResponseTimes(
      buckets: histogram.buckets(), sum: histogram.sum, highest: histogram.highest)
    #expect(times.count == 10_000)
    #expect(abs(times.mean - 5.0005) < 1e-9)
    for percent in [1.0, 50, 90, 99, 99.9] {
      #expect(abs(times.percentile(percent) / (percent / 10) - 1) < 0.004)
    }
    #expect(times.percentile(100) == 10)
    #expect(times.share(within: .seconds(5)) < 0.503)
  }
}
