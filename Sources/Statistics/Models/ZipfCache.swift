/// A cache of keys that are asked for by Zipf's law, each independently of the one before.
public struct ZipfCache: Sendable {
  /// Groups of ranks of nearly the same probability: the most popular by themselves.
  private var groups: [(count: Double, probability: Double)] = []

  /// - Parameters:
  ///   - keys: how many there are.
  ///   - exponent: of Zipf's law: the k-th key is asked for in proportion to k^−exponent.
  public init(keys: Int, exponent: Double) {
    var total = 0.0
    var first = 1
    while first <= keys {
      let last = min(keys, max(first, Int(Double(first) * 1.01)))
      let count = Double(last - first + 1)
      let middle = (Double(first) * Double(last)).squareRoot()
      let probability = exponential(-exponent * naturalLogarithm(middle))
      groups.append((count, probability))
      total += count * probability
      first = last + 1
    }
    for index in groups.indices { groups[index].probability /= total }
  }

  /// The share of requests that a cache of the most popular keys answers: no cache is better.
  public func bestHitRatio(slots: Double) -> Double {
    var (left, hits) = (slots, 0.0)
    for group in groups where left > 0 {
      hits += min(left, group.count) * group.probability
      left -= group.count
    }
    return min(1, hits)
  }

  /// The share of requests that a cache with least-recently-used eviction answers.
  ///
  /// Source: Che, Tung and Wang, *Hierarchical Web Caching Systems: Modeling, Design and
  /// Experimental Results*, IEEE JSAC 20(7), 2002.
  public func hitRatio(slots: Double) -> Double {
    let keys = groups.reduce(0) { $0 + $1.count }
    if slots >= keys { return 1 }
    if slots <= 0 { return 0 }
    // Requests until a key that is not asked for again is evicted: as many different keys are asked
    // for meanwhile as there are slots.
    var (low, high) = (0.0, 1.0)
    while kept(high) < slots { high *= 2 }
    for _ in 0..<50 {
      let middle = (low + high) / 2
      if kept(middle) < slots { low = middle } else { high = middle }
    }
    return groups.reduce(0) {
      $0 + $1.count * $1.probability * (1 - exponential(-$1.probability * high))
    }
  }

  private func kept(_ requests: Double) -> Double {
    groups.reduce(0) { $0 + $1.count * (1 - exponential(-$1.probability * requests)) }
  }
}

/// The hit ratio over the cache's size: computed once at sizes a factor apart, straight in between on
/// a logarithmic axis.
public struct HitCurve: Sendable {
  private let keys: Double
  private let points: [Double]
  private static let perDecade = 12.0
  private static let decades = 6.0

  /// Of least-recently-used eviction, by Che's approximation.
  public init(keys: Int, exponent: Double) {
    let cache = ZipfCache(keys: keys, exponent: exponent)
    self.keys = Double(keys)
    points = (0...Int(Self.decades * Self.perDecade)).map { step in
      let share = exponential(
        -naturalLogarithm(10) * (Self.decades - Double(step) / Self.perDecade))
      return cache.hitRatio(slots: share * Double(keys))
    }
  }

  /// The hit ratio of a cache that holds a share of the keys, from 0 to 1.
  public func hitRatio(holding share: Double) -> Double {
    guard share > 0 else { return 0 }
    let place =
      (naturalLogarithm(share) / naturalLogarithm(10) + Self.decades) * Self.perDecade
    let step = min(max(place, 0), Double(points.count - 1))
    let below = min(Int(step), points.count - 2)
    return points[below] + (step - Double(below)) * (points[below + 1] - points[below])
  }
}
