import Statistics
import Techniques
import Testing

struct LoadControlTests {
  @Test func ofTwoTheLessLoadedIsTaken() {
    var random = SeededGenerator(seed: 1)
    var loads = [Int](repeating: 0, count: 1_000)
    for _ in 0..<100_000 {
      let chosen = LeastOfTwo.choose(among: loads.count, using: &random) { loads[$0] }
      loads[chosen] += 1
    }
    // Random placement would exceed the mean of 100 by about 32.
    #expect(loads.max()! <= 106)
    #expect(LeastOfTwo.choose(among: 1, using: &random) { _ in 0 } == 0)
    let never = (0..<1_000).map { _ in
      LeastOfTwo.choose(among: 2, using: &random) { $0 == 0 ? 5 : 4 }
    }
    #expect(never.allSatisfy { $0 == 1 })
  }

  @Test func ofAllTheLeastLoadedIsTakenAndOfEqualOnesAny() {
    var random = SeededGenerator(seed: 3)
    let chosen = (0..<1_000).map { _ in
      LeastLoaded.choose(among: 4, using: &random) { [2, 1, 3, 1][$0] }
    }
    #expect(Set(chosen) == [1, 3])
    // An even load stays even.
    var loads = [Int](repeating: 0, count: 7)
    for _ in 0..<700 {
      loads[LeastLoaded.choose(among: 7, using: &random) { loads[$0] }] += 1
    }
    #expect(loads.allSatisfy { $0 == 100 })
    #expect(LeastLoaded.choose(among: 1, using: &random) { _ in 0 } == 0)
  }

  @Test func aBucketPassesItsRateAndItsBurst() {
    var bucket = TokenBucket(rate: 1_000, capacity: 10, at: 0)
    var passed = 0
    // Asked 10,000 times in a second, which has ten times as many tokens fewer.
    for step in 0..<10_000 where bucket.take(at: UInt64(step) * 100_000) { passed += 1 }
    #expect((1_008...1_010).contains(passed))
    var full = TokenBucket(rate: 1, capacity: 3, at: 0)
    let taken = [0, 0, 0, 0, 1_000_000_000, 1_000_000_000].map { full.take(at: $0) }
    #expect(taken == [true, true, true, false, true, false])
    // A clock that goes back gives nothing and takes nothing.
    let back = full.take(at: 0)
    #expect(!back)
  }

  @Test func retriesAreAShareOfTheRequests() {
    var budget = RetryBudget(share: 0.25, capacity: 5)
    var retries = 0
    for _ in 0..<1_000 {
      budget.request()
      if budget.takeRetry() { retries += 1 }
    }
    #expect((250...255).contains(retries))
    var idle = RetryBudget(share: 0.5, capacity: 2)
    for _ in 0..<100 { idle.request() }
    let taken = (0..<3).map { _ in idle.takeRetry() }
    #expect(taken == [true, true, false])
  }

  @Test func backoffDoublesUpToItsLongestAndIsSpread() {
    let backoff = Backoff(base: 1_000, longest: 6_000)
    var random = SeededGenerator(seed: 2)
    for (retry, most) in [(0, 1_000), (1, 2_000), (2, 4_000), (3, 6_000), (60, 6_000)] {
      let delays = (0..<1_000).map { _ in backoff.delay(before: retry, using: &random) }
      #expect(delays.max()! <= UInt64(most) && delays.max()! > UInt64(most) * 9 / 10)
      #expect(delays.min()! < UInt64(most) / 10)
    }
  }

  @Test func theHedgeFollowsThePercentileOfTheLatestLatencies() {
    var hedge = HedgeDelay(percentile: 0.95, initial: 777)
    for latency in 1...63 { hedge.record(UInt64(latency)) }
    #expect(hedge.nanoseconds == 777)
    for _ in 0..<10 { for latency in 1...100 { hedge.record(UInt64(latency)) } }
    #expect((94...96).contains(hedge.nanoseconds))
    for _ in 0..<10 { for latency in 1...100 { hedge.record(UInt64(latency) * 10) } }
    #expect((940...960).contains(hedge.nanoseconds))
  }

  @Test func aServerThatKeepsFailingIsOutForAWhile() {
    var ejection = OutlierEjection(servers: 4, failures: 3, base: 100, share: 0.5)
    for time in 1...2 { ejection.record(0, succeeded: false, at: UInt64(time)) }
    ejection.record(0, succeeded: true, at: 3)
    for time in 4...5 { ejection.record(0, succeeded: false, at: UInt64(time)) }
    #expect(!ejection.isOut(0, at: 5))
    ejection.record(0, succeeded: false, at: 6)
    #expect(ejection.isOut(0, at: 6) && ejection.isOut(0, at: 105) && !ejection.isOut(0, at: 106))
    // The second time lasts twice as long.
    for _ in 0..<3 { ejection.record(0, succeeded: false, at: 110) }
    #expect(ejection.isOut(0, at: 309) && !ejection.isOut(0, at: 310))
  }

  @Test func neverAreMoreServersOutThanTheirShare() {
    var ejection = OutlierEjection(servers: 4, failures: 1, base: 100, share: 0.5)
    for server in 0..<4 { ejection.record(server, succeeded: false, at: 10) }
    #expect((0..<4).map { ejection.isOut($0, at: 11) } == [true, true, false, false])
    var single = OutlierEjection(servers: 1, failures: 1, base: 100, share: 1)
    single.record(0, succeeded: false, at: 10)
    #expect(!single.isOut(0, at: 11))
  }
}
