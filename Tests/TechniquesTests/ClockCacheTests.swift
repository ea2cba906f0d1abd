import Statistics
import Techniques
import Testing

struct ClockCacheTests {
  @Test func aUsedBlockGetsASecondChance() {
    var cache = ClockCache<Int>(slots: 3)
    for key in 1...3 { _ = cache.replace(with: key) }
    let used = cache.slot(of: 1)
    #expect(used == 0)
    // The hand passes 1, which was used, and takes 2; then 3; then 1, whose chance is over.
    let taken = [4, 5, 6].map { cache.replace(with: $0) }
    #expect(taken == [1, 2, 0])
    let found = (1...6).map { cache.slot(of: $0) }
    #expect(found == [nil, nil, nil, 1, 2, 0])
  }

  @Test func aSlotHasOneBlockAndABlockHasOneSlot() {
    var cache = ClockCache<Int>(slots: 50)
    var held = [Int?](repeating: nil, count: 50)
    var random = SeededGenerator(seed: 1)
    for _ in 0..<20_000 {
      let key = Int.random(in: 0..<100, using: &random)
      if let slot = cache.slot(of: key) {
        #expect(held[slot] == key)
      } else {
        held[cache.replace(with: key)] = key
      }
    }
    #expect(cache.count == 50 && Set(held).count == 50)
  }

  /// Every block as likely as another: whatever a cache keeps, its share of the blocks is hit.
  @Test func uniformAccessHitsTheCachesShare() {
    var cache = ClockCache<Int>(slots: 300)
    var random = SeededGenerator(seed: 2)
    var hits = 0
    for round in 0..<60_000 {
      let key = Int.random(in: 0..<1_000, using: &random)
      if cache.slot(of: key) != nil {
        if round >= 10_000 { hits += 1 }
      } else {
        _ = cache.replace(with: key)
      }
    }
    #expect(abs(Double(hits) / 50_000 - 0.3) < 0.01)
  }

  @Test func aBlockThatCouldNotBeReadIsNotThere() {
    var cache = ClockCache<Int>(slots: 2)
    _ = cache.replace(with: 7)
    cache.remove(7)
    let found = cache.slot(of: 7)
    #expect(found == nil && cache.count == 0)
    for key in 0..<5 { _ = cache.replace(with: key) }
    #expect(cache.count == 2)
  }
}
