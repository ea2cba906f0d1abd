import Glibc
import Simulation
import Statistics

/// How often blocks are used: the one of rank r with a probability in proportion to 1 ÷ r^skew
/// (Zipf's law).
struct Popularity: Sendable {
  private let ranks: ZipfRanks
  private let cache: CacheTheory

  init(blocks: Int, skew: Double) {
    ranks = ZipfRanks(blocks, exponent: skew)
    cache = CacheTheory(rates: ranks.shares)
  }

  /// The rank that a number between 0 and 1 stands for.
  func rank(_ uniform: Double) -> Int { ranks.rank(uniform) }

  /// The share of the uses whose block is also among so many uses before.
  func repeated(within uses: Int) -> Double {
    ranks.shares.reduce(0) { $0 + $1 * (1 - pow(1 - $1, Double(uses))) }
  }

  /// The share of the uses that find their block in a cache of so many blocks that evicts the least
  /// recently used.
  func hitShare(cached: Int) -> Double { cache.hitRatio(slots: cached) }
}
