import Glibc
import Statistics
import Techniques
import Testing

struct EvictingCacheTests {
  /// A policy by name, so that a test can run each.
  enum Policy: String, CaseIterable, Sendable {
    case lru, s3fifo, tinyLFU

    /// Hits among the keys, which are inserted where they miss; `warmUp` of them don't count.
    func hitRatio(_ keys: [UInt64], capacity: Int, warmUp: Int = 0) -> Double {
      switch self {
      case .lru: Self.run(LRUCache(capacity: capacity), keys, warmUp)
      case .s3fifo: Self.run(S3FIFOCache(capacity: capacity), keys, warmUp)
      case .tinyLFU: Self.run(TinyLFUCache(capacity: capacity), keys, warmUp)
      }
    }

    private static func run<Cache: EvictingCache & ~Copyable>(
      _ empty: consuming Cache, _ keys: [UInt64], _ warmUp: Int
    ) -> Double {
      var cache = empty
      var hits = 0
      for (place, key) in keys.enumerated() {
        if let value = cache.value(of: key) {
          #expect(value == key &* 3)
          if place >= warmUp { hits += 1 }
        } else {
          cache.insert(key &* 3, for: key)
        }
      }
      return Double(hits) / Double(keys.count - warmUp)
    }
  }

  @Test func theLeastRecentlyUsedIsEvicted() {
    var cache = LRUCache(capacity: 3)
    for key: UInt64 in 0..<3 { cache.insert(key, for: key) }
    _ = cache.value(of: 0)
    cache.insert(3, for: 3)
    let found = (0..<4).map { cache.value(of: UInt64($0)) }
    #expect(found == [0, nil, 2, 3])
  }

  @Test(arguments: Policy.allCases)
  func whatFitsStays(policy: Policy) {
    let keys = (0..<40).flatMap { _ in (0..<50).map { UInt64($0) } }
    #expect(policy.hitRatio(keys, capacity: 50, warmUp: 50) == 1)
  }

  /// A cache that is too small by 1% for a loop: by last use nothing is ever found.
  @Test func aLoopDefeatsLRUAlone() {
    let keys = (0..<100).flatMap { _ in (0..<1_010).map { UInt64($0) } }
    #expect(Policy.lru.hitRatio(keys, capacity: 1_000) == 0)
    #expect(Policy.tinyLFU.hitRatio(keys, capacity: 1_000, warmUp: 50_000) > 0.9)
    #expect(Policy.s3fifo.hitRatio(keys, capacity: 1_000, warmUp: 50_000) > 0.7)
  }

  /// Two pools of keys in turn, 100 and 10,000 (O'Neil, O'Neil, Weikum, "The LRU-K page replacement
  /// algorithm", SIGMOD 1993, table 4.1): with 100 places LRU hits 0.22, and the best possible 0.50.
  @Test func twoPoolsAreHitAsPublished() {
    var random = SeededGenerator(seed: 1)
    let keys = (0..<200_000).map { place in
      UInt64.random(in: place % 2 == 0 ? 0..<100 : 100..<10_100, using: &random)
    }
    let ratios = Policy.allCases.map { $0.hitRatio(keys, capacity: 100, warmUp: 50_000) }
    #expect(abs(ratios[0] - 0.22) < 0.01)
    #expect(ratios[1] > 0.3 && ratios[1] <= 0.505)
    #expect(ratios[2] > 0.44 && ratios[2] <= 0.505)
  }

  /// By Zipf's law with 0.8 among 100,000 keys and 1,000 places: LRU as Che's approximation says,
  /// and never more than the 1,000 most popular keys have.
  @Test func zipfIsHitAsTheorySays() {
    let weights = (1...100_000).map { pow(Double($0), -0.8) }
    var sums: [Double] = []
    var sum = 0.0
    for weight in weights {
      sum += weight
      sums.append(sum)
    }
    var random = SeededGenerator(seed: 2)
    let keys = (0..<300_000).map { _ in
      let number = Double.random(in: 0..<sum, using: &random)
      var (low, high) = (0, sums.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if sums[middle] <= number { low = middle + 1 } else { high = middle }
      }
      return UInt64(low)
    }
    let ratios = Policy.allCases.map { $0.hitRatio(keys, capacity: 1_000, warmUp: 100_000) }
    #expect(abs(ratios[0] - 0.2043) < 0.01)
    #expect(ratios[1] > ratios[0] + 0.04 && ratios[1] < 0.345)
    #expect(ratios[2] > ratios[0] + 0.06 && ratios[2] < 0.345)
  }

  /// A scan of keys that never come back costs LRU what it held.
  @Test func aScanPassesThroughAFrequencyFilter() {
    let hot = (0..<900).map { UInt64($0) }
    let keys =
      (0..<10).flatMap { _ in hot } + (0..<5_000).map { UInt64($0) + 10_000 } + hot
    func after(_ policy: Policy) -> Double {
      policy.hitRatio(keys, capacity: 1_000, warmUp: keys.count - hot.count)
    }
    #expect(after(.lru) == 0)
    #expect(after(.s3fifo) > 0.95 && after(.tinyLFU) > 0.9)
  }
}
