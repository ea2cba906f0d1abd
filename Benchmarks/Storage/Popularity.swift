import Glibc

/// How often blocks are used: the one of rank r with a probability in proportion to 1 ÷ r^skew
/// (Zipf's law).
struct Popularity: Sendable {
  /// By rank, from 0: the sum up to there.
  private let sums: [Double]

  init(blocks: Int, skew: Double) {
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
  /// recently used: all blocks are kept for the same time, which is such that the cache is full.
  ///
  /// Source: Che, Tung and Wang, *Hierarchical Web Caching Systems*, IEEE JSAC 20(7), 2002.
  func hitShare(cached: Int) -> Double {
    let total = sums[sums.count - 1]
    let shares = sums.indices.map { ($0 == 0 ? sums[0] : sums[$0] - sums[$0 - 1]) / total }
    if cached >= shares.count { return 1 }
    // Uses until a block is evicted, by bisection.
    var (low, high) = (0.0, 1e12)
    for _ in 0..<200 {
      let middle = (low + high) / 2
      let kept = shares.reduce(0) { $0 + 1 - exp(-$1 * middle) }
      if kept < Double(cached) { low = middle } else { high = middle }
    }
    return shares.reduce(0) { $0 + $1 * (1 - exp(-$1 * low)) }
  }
}
