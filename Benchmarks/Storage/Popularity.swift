import Glibc
import Statistics

/// How often blocks are used: the one of rank r with a probability in proportion to 1 ÷ r^skew
/// (Zipf's law).
struct Popularity: Sendable {
  /// By rank, from 0: the sum up to there.
  private let sums: [Double]
  private let cache: ZipfCache

  init(blocks: Int, skew: Double) {
    cache = ZipfCache(keys: blocks, exponent: skew)
    var sum = 0.0
    sums = (1...blocks).map { rank in
      sum += pow(Double(rank), -skew)
      return sum
    }
  }

  /// The rank that a number between 0 and 1 stands for.
  func rank(_ uniform: Double) -> Int {
    let wanted = uniform * sums[sums.count - 1]
    var (low, high) = (0, sums.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] < wanted { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The share of the uses whose block is also among so many uses before.
  func repeated(within uses: Int) -> Double {
    let total = sums[sums.count - 1]
    return sums.indices.reduce(0) { sum, rank in
      let share = (rank == 0 ? sums[0] : sums[rank] - sums[rank - 1]) / total
      return sum + share * (1 - pow(1 - share, Double(uses)))
    }
  }

  /// The share of the uses that find their block in a cache of so many blocks that evicts the least
  /// recently used.
  func hitShare(cached: Int) -> Double { cache.hitRatio(slots: Double(cached)) }
}
