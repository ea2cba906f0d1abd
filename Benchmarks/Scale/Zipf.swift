import Glibc

/// Popularity by rank: the k-th has the weight 1 ÷ k.
enum Zipf {
  /// That sum to 1.
  static func weights(_ count: Int) -> [Double] {
    let sum = (1...count).reduce(0) { $0 + 1 / Double($1) }
    return (1...count).map { 1 / Double($0) / sum }
  }
}

/// How often a cache that evicts the least recently used key hits.
///
/// Source: Che, Tung and Wang, *Hierarchical Web Caching Systems*, IEEE JSAC 20(7), 2002.
enum Che {
  /// - Parameters:
  ///   - weights: how popular each key is; they sum to 1.
  ///   - slots: of the cache.
  static func hitRatio(of weights: [Double], slots: Int) -> Double {
    guard slots < weights.count else { return 1 }
    // The time after which an unused key is evicted: that in which as many keys are used as fit.
    var (low, high) = (0.0, 1.0)
    func used(in time: Double) -> Double { weights.reduce(0) { $0 + 1 - exp(-$1 * time) } }
    while used(in: high) < Double(slots) { high *= 2 }
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if used(in: middle) < Double(slots) { low = middle } else { high = middle }
    }
    return weights.reduce(0) { $0 + $1 * (1 - exp(-$1 * low)) }
  }
}
