import Statistics
import Techniques
import Testing

@testable import StorageBenchmarks

@Suite("Popularity of blocks")
struct PopularityTests {
  private let popularity = Popularity(blocks: 1_024, skew: 0.8)

  @Test("ranks follow Zipf's law")
  func ranksFollowTheLaw() {
    var random = SeededGenerator(seed: 1)
    var counts = [Int](repeating: 0, count: 1_024)
    for _ in 0..<400_000 {
      counts[popularity.rank(Double.random(in: 0..<1, using: &random))] += 1
    }
    // 1 ÷ 16^0.8 is 0.109.
    #expect(abs(Double(counts[15]) / Double(counts[0]) - 0.109) < 0.01)
    #expect(popularity.rank(0) == 0 && popularity.rank(1) == 1_023)
  }

  /// Che's approximation is of LRU; CLOCK comes near it.
  @Test("a cache hits as often as Che's approximation says", arguments: [102, 512, 921])
  func hitsAreAsApproximated(slots: Int) {
    var cache = ClockCache<Int>(slots: slots)
    var random = SeededGenerator(seed: 2)
    var hits = 0
    for round in 0..<300_000 {
      let block = popularity.rank(Double.random(in: 0..<1, using: &random))
      if cache.slot(of: block) == nil {
        _ = cache.replace(with: block)
      } else if round >= 100_000 {
        hits += 1
      }
    }
    let missing = 1 - popularity.hitShare(cached: slots)
    #expect(abs((1 - Double(hits) / 200_000) / missing - 1) < 0.1)
    #expect(popularity.hitShare(cached: 1_024) == 1)
  }
}
